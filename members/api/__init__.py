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
from members.api.faces import Faces
from members.api.invitations import Invitations, OneInvitation
from members.api.leaving import ExportFile, Exports, Leaving, OneExport
from members.api.organisations import (
    OneOrganisation,
    Organisations,
    OrganisationSerializer,
    Sectors,
)
from members.api.permissions import MembersOnly, signed_in
from members.api.pictures import MyPicture, OrganisationLogo
from members.api.portfolio import OnePortfolioInvitation, PortfolioInvitations
from members.api.profiles import Account, Me
from members.api.roles import OneRole, Roles
from members.api.security import OneSession, Sessions

__all__ = [
    "Accompaniments",
    "Account",
    "Acts",
    "ConfirmAccompaniment",
    "EndAccompaniment",
    "ExportFile",
    "Exports",
    "Faces",
    "Invitations",
    "Leaving",
    "Me",
    "MemberFacets",
    "Members",
    "MembersOnly",
    "MyConsent",
    "MyConsentHistory",
    "MyConsents",
    "MyPicture",
    "OneExport",
    "OneInvitation",
    "OneMember",
    "OneOrganisation",
    "OnePortfolioInvitation",
    "OneRole",
    "OneSession",
    "OrganisationFacets",
    "OrganisationLogo",
    "OrganisationSerializer",
    "Organisations",
    "Portfolio",
    "PortfolioInvitations",
    "Roles",
    "Sectors",
    "Sessions",
    "signed_in",
]
