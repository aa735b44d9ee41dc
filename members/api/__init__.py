"""REST: one's own account, the members one may see, organisations."""

from members.api.accompaniments import (
    Accompaniments,
    Acts,
    ConfirmAccompaniment,
    EndAccompaniment,
    Portfolio,
)
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
from members.api.roles import OneRole, Roles

__all__ = [
    "Accompaniments",
    "Account",
    "Acts",
    "ConfirmAccompaniment",
    "EndAccompaniment",
    "Me",
    "MemberFacets",
    "Members",
    "MembersOnly",
    "MyConsent",
    "MyConsentHistory",
    "MyConsents",
    "OneMember",
    "OneOrganisation",
    "OneRole",
    "OrganisationFacets",
    "OrganisationSerializer",
    "Organisations",
    "Portfolio",
    "Roles",
    "Sectors",
    "signed_in",
]
