"""HTML input of signing up."""

from typing import Any

from allauth.core import context
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.consent import QUESTIONS
from members.forms.profiles import ProfileFields
from members.models.people import Member
from members.queries.invitations import usable_invitation

INVITATION_SESSION_KEY = "invitation"


class SignUpForm(ProfileFields):
    """The part of allauth's sign-up form that is ours; allauth adds address and password."""

    field_order = ("email", "password1", *ProfileFields.base_fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked one by one, none ticked: silence is no consent.
        for purpose, question in QUESTIONS.items():
            self.fields[f"consent_{purpose}"] = forms.BooleanField(
                label=str(purpose.label), help_text=str(question.now.words), required=False
            )

    def consents(self) -> list[str]:
        """Return the purposes that a valid form agrees to."""
        return [each for each in QUESTIONS if self.cleaned_data[f"consent_{each}"]]

    def clean(self) -> dict[str, Any]:
        """Refuse an invitation that is used up, or that was made out to another address."""
        cleaned = super().clean() or {}
        token = context.request.session.get(INVITATION_SESSION_KEY)
        if token:
            invitation = usable_invitation(token)
            if invitation is None:
                raise ValidationError(_("This invitation was used already or has run out."))
            if invitation.email and cleaned.get("email", invitation.email) != invitation.email:
                self.add_error("email", _("The invitation was made out to another address."))
        return cleaned

    def signup(self, request: Any, user: Member) -> None:
        """Do nothing: the adapter saves account and profile in one transaction."""
