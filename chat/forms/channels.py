"""Plain forms about channels."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.vocabulary import MAX_NAME, MAX_PURPOSE


class ChannelForm(forms.Form):
    """A new channel, or (without ``is_public``) another name and purpose for one."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=MAX_PURPOSE,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    is_public = forms.TypedChoiceField(
        label=_("Who may read it"),
        choices=(("1", _("Every member")), ("0", _("Only those who are in it"))),
        coerce=lambda value: value == "1",
        initial="1",
        widget=forms.RadioSelect,
    )


class AddMemberForm(forms.Form):
    """Whom to let into a channel."""

    email = forms.EmailField(label=_("E-mail address of the member"))
