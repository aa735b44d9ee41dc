"""HTML input of the members app: signing up, profile, site settings, first run, invitations.

Forms check shapes and keep what was typed; the rules stand in the actions.
"""

from members.forms.accounts import INVITATION_SESSION_KEY, SignUpForm
from members.forms.invitations import InvitationForm
from members.forms.leaving import LeavingForm
from members.forms.passkeys import AddPasskeyForm
from members.forms.profiles import SUGGESTED_ORGANISATIONS, ProfileFields, Suggestions
from members.forms.settings import LanguagesForm, PictureForm, SettingsForm
from members.forms.site import SetUpForm, SiteForm
from members.forms.tokens import TokenForm

__all__ = [
    "INVITATION_SESSION_KEY",
    "SUGGESTED_ORGANISATIONS",
    "AddPasskeyForm",
    "InvitationForm",
    "LanguagesForm",
    "LeavingForm",
    "PictureForm",
    "ProfileFields",
    "SetUpForm",
    "SettingsForm",
    "SignUpForm",
    "SiteForm",
    "Suggestions",
    "TokenForm",
]
