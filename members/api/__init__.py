"""REST: one's own account, the members one may see, organisations."""

from members.api.consents import MyConsent, MyConsentHistory, MyConsents
from members.api.directory import MemberFacets, Members, OneMember, OrganisationFacets
from members.api.organisations import (
    OneOrganisation,
    Organisations,
    OrganisationSerializer,
    Sectors,
)
from members.api.permissions import MembersOnly, signed_in
from members.api.profiles import Account, Me

__all__ = [
    "Account",
    "Me",
    "MemberFacets",
    "Members",
    "MembersOnly",
    "MyConsent",
    "MyConsentHistory",
    "MyConsents",
    "OneMember",
    "OneOrganisation",
    "OrganisationFacets",
    "OrganisationSerializer",
    "Organisations",
    "Sectors",
    "signed_in",
]
