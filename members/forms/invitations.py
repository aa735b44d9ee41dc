"""HTML input of an invitation."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.rules import INVITATION_LASTS, MOST_INVITED
from members.vocabulary import Role

LASTS = [
    ("1", _("one day")),
    ("7", _("a week")),
    ("14", _("two weeks")),
    ("30", _("a month")),
    ("90", _("three months")),
]


class InvitationForm(forms.Form):
    """A new invitation, of a role that its maker may give."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("With an address, nobody else can use the link."),
        max_length=254,
        required=False,
    )
    role = forms.ChoiceField(label=_("Role"), initial=Role.MEMBER)
    lasts = forms.TypedChoiceField(
        label=_("Works for"),
        choices=LASTS,
        initial=str(INVITATION_LASTS.days),
        coerce=lambda days: timedelta(days=int(days)),
    )
    most_uses = forms.IntegerField(
        label=_("For how many people"),
        help_text=_("One link for a class or a meeting can let in several."),
        min_value=1,
        max_value=MOST_INVITED,
        initial=1,
    )

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role.value, role.label) for role in roles]
