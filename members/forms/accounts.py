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
from members.queries.site import site_settings
from members.vocabulary import Registration

INVITATION_SESSION_KEY = "invitation"
_INSISTED = "without_invitation"


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
        """Refuse an invitation that is used up, or that was made out to another address.

        Where a newcomer needs none, it stands in nobody's way: one that is over is forgotten, and
        so is one for another address when the form comes again with the same one.
        """
        cleaned = super().clean() or {}
        session = context.request.session
        token = session.get(INVITATION_SESSION_KEY)
        if not token:
            return cleaned
        is_needed = site_settings().registration == Registration.INVITATION
        invitation, email = usable_invitation(token), cleaned.get("email", "")
        if invitation is None and is_needed:
            raise ValidationError(_("This invitation was used already or has run out."))
        if invitation is None or (not is_needed and email == session.get(_INSISTED, "-")):
            del session[INVITATION_SESSION_KEY]
        elif invitation.email and email and email != invitation.email:
            self.add_error("email", _("The invitation was made out to another address."))
            if not is_needed:
                self.add_error("email", _("To sign up without it, send the form again."))
                session[_INSISTED] = email
        return cleaned

    def signup(self, request: Any, user: Member) -> None:
        """Do nothing: the adapter saves account and profile in one transaction."""
