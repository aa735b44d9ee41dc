"""What the members app says and takes on the wire."""

import msgspec

from live.registry import EventData


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """How a member is named wherever something is theirs.

    Attributes:
        organisation: Its name; empty without one.
        country: ISO 3166-1 alpha-2; may be empty.
        organisation_id: What its flag is drawn from; null without an organisation.
    """

    id: int
    name: str
    organisation: str
    country: str
    organisation_id: int | None = None


class MemberChanged(EventData, frozen=True, kw_only=True):
    """One's own profile as it is now; said on `member:<id>`, to its owner's sockets only."""

    id: int
    member: Card
    languages: list[str]
    time_zone: str
    locale: str


class ConsentState(msgspec.Struct, frozen=True, kw_only=True):
    """How one's consent to one purpose stands.

    Attributes:
        given: Whether it counts now.
        version: The version of the words agreed to; 0 where there is no consent.
        given_at: Since when; null where there is none.
    """

    given: bool
    version: int
    given_at: str | None


class ConsentChanged(EventData, frozen=True, kw_only=True):
    """How one's consent to a purpose stands now; said on `member:<id>`."""

    purpose: str
    consent: ConsentState


class GiveConsent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Agree to the words of one purpose.

    Attributes:
        purpose: `directory`, `matching`, `digest` or `recordings`.
        version: Of the words that the member was shown, which must be those asked now.
    """

    purpose: str
    version: int


class WithdrawConsent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Take back one's consent to one purpose."""

    purpose: str


def consent_command(
    purpose: str, *, given: bool, version: int
) -> tuple[str, GiveConsent | WithdrawConsent]:
    """Return the command that a decision is, with its data."""
    if given:
        return "consent.give", GiveConsent(purpose=purpose, version=version)
    return "consent.withdraw", WithdrawConsent(purpose=purpose)


class ProfileChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The fields of one's profile that are to change; those left out stay.

    Attributes:
        name: 1 to 120 characters.
        organisation: Its name, "" for none; a new name makes a new organisation.
        country: ISO 3166-1 alpha-2.
        languages: BCP 47 tags, at most 20, the best known first.
        time_zone: IANA name.
        locale: An interface language of the site; "" follows the browser.
    """

    name: str | msgspec.UnsetType = msgspec.UNSET
    organisation: str | msgspec.UnsetType = msgspec.UNSET
    country: str | msgspec.UnsetType = msgspec.UNSET
    languages: list[str] | msgspec.UnsetType = msgspec.UNSET
    time_zone: str | msgspec.UnsetType = msgspec.UNSET
    locale: str | msgspec.UnsetType = msgspec.UNSET
