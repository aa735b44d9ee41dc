"""Pure calculations about accounts and organisations; no database."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from members.vocabulary import Audience, Gap

FOR_MEMBERS = frozenset({Audience.EVERYONE, Audience.MEMBERS})
"""The audiences to which every member belongs."""
_WIDEST_FIRST = (Audience.EVERYONE, Audience.MEMBERS, Audience.ORGANISATION, Audience.NOBODY)
INVITATION_LASTS = timedelta(days=14)
INVITATION_LONGEST = timedelta(days=90)
MOST_INVITED = 500
TOKEN_BYTES = 24


def new_invitation_token() -> str:
    """Return a fresh token of 192 random bits, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def invitation_hash(token: str) -> str:
    """Return what is stored of an invitation's token: SHA-256 in hexadecimal.

    The token is long and random, so a plain digest cannot be reversed by guessing.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def is_setup_code(typed: str, expected: str) -> bool:
    """Return whether the typed code is the expected one, in constant time; spaces do not count.

    An empty expectation means that the instance asks for none.
    """
    if not expected:
        return True
    return secrets.compare_digest("".join(typed.split()).encode(), expected.encode())


@dataclass(frozen=True)
class OrganisationFacts:
    """What is said of an organisation, as far as gaps are concerned."""

    has_text: bool
    has_sectors: bool
    has_languages: bool
    has_place: bool
    has_logo: bool
    has_website: bool
    has_size: bool
    is_represented: bool


def profile_gaps(facts: OrganisationFacts) -> list[Gap]:
    """Return what is missing, what helps others most first."""
    found = {
        Gap.DESCRIPTION: facts.has_text,
        Gap.SECTORS: facts.has_sectors,
        Gap.LANGUAGES: facts.has_languages,
        Gap.PLACE: facts.has_place,
        Gap.LOGO: facts.has_logo,
        Gap.WEBSITE: facts.has_website,
        Gap.SIZE: facts.has_size,
        Gap.REPRESENTATIVE: facts.is_represented,
    }
    return [gap for gap, is_there in found.items() if not is_there]


class Standing(IntEnum):
    """How near a reader is to the owner of a profile; who is nearer sees no less."""

    STRANGER = 1
    MEMBER = 2
    COLLEAGUE = 3
    SELF = 4


def audiences_seen(standing: Standing) -> frozenset[Audience]:
    """Return the audiences that a reader belongs to: one's own profile one sees whole."""
    return frozenset(_WIDEST_FIRST[:standing])
