"""HTML input of an invitation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models.invitations import Invitation
from members.vocabulary import Role


class InvitationForm(forms.ModelForm[Invitation]):
    """A new invitation."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)

    class Meta:
        model = Invitation
        fields = ("email", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("With an address, nobody else can use the link.")
