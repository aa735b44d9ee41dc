"""Tables of the members app, cut by noun.

Invariants: e-mail addresses are stored in lower case; only an approved member can be active, so
whoever waits for approval or is suspended is `is_active=False`, which every door already refuses;
there is one `SiteSettings` row, its id is 1; an invitation is stored as the hash of its token.
"""

from members.models.consents import Consent, counts_for
from members.models.invitations import Invitation
from members.models.organisations import Organisation
from members.models.people import Member, MemberManager, MemberQuerySet, is_listed
from members.models.site import SiteSettings

__all__ = [
    "Consent",
    "Invitation",
    "Member",
    "MemberManager",
    "MemberQuerySet",
    "Organisation",
    "SiteSettings",
    "counts_for",
    "is_listed",
]
