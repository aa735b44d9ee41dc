"""The plain forms of moderation; the rules are the actions'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.vocabulary import MAX_NOTE, Reason


class ReportForm(forms.Form):
    """Why something should be looked at."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What the moderators should know"),
        max_length=MAX_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
