"""Tables of the members app, cut by noun.

Invariants: e-mail addresses are stored in lower case; only an approved member can be active, so
whoever waits for approval or is suspended is `is_active=False`, which every door already refuses;
there is one `SiteSettings` row, its id is 1; an invitation is stored as the hash of its token.
"""

from members.models.consents import Consent, counts_for
from members.models.invitations import Invitation
from members.models.leaving import Departure, Export
from members.models.organisations import (
    Accompaniment,
    Act,
    Appointment,
    Organisation,
    OrganisationLanguage,
    OrganisationSector,
    OrganisationText,
)
from members.models.people import Member, MemberManager, MemberQuerySet, is_listed
from members.models.portfolio import PortfolioInvitation
from members.models.profiles import FIELDS, Profile, ProfileSector, SpokenLanguage
from members.models.security import Allowance, SecurityEvent
from members.models.site import SiteSettings

__all__ = [
    "FIELDS",
    "Accompaniment",
    "Act",
    "Allowance",
    "Appointment",
    "Consent",
    "Departure",
    "Export",
    "Invitation",
    "Member",
    "MemberManager",
    "MemberQuerySet",
    "Organisation",
    "OrganisationLanguage",
    "OrganisationSector",
    "OrganisationText",
    "PortfolioInvitation",
    "Profile",
    "ProfileSector",
    "SecurityEvent",
    "SiteSettings",
    "SpokenLanguage",
    "counts_for",
    "is_listed",
]
