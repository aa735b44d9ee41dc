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


class WorkingHours(msgspec.Struct, frozen=True, kw_only=True):
    """When a member works, in their own time zone.

    Attributes:
        days: ISO numbers of the weekdays, Monday is 1; ascending.
        start: `HH:MM`, or "" where no hours are said.
        end: As `start`; may be earlier than it, for those who work past midnight.
    """

    days: list[int] = []
    start: str = ""
    end: str = ""


class ProfileLink(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a member's own.

    Attributes:
        url: Begins with http:// or https://.
        label: What it is; "" shows the address.
    """

    url: str
    label: str = ""


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What one's own profile says beyond the card, whoever sees it.

    Attributes:
        picture: Address of the picture, "" without one.
        levels: How well one speaks a language, by tag: `native`, `C2` to `A1`; unknown left out.
        interests: In one's own words.
        sectors: Codes of `GET /api/v1/sectors/` that one is interested in.
        audiences: Who sees each field: `everyone`, `members`, `organisation` or `nobody`.
    """

    pronouns: str
    picture: str
    levels: dict[str, str]
    working_hours: WorkingHours
    interests: str
    sectors: list[str]
    about: str
    links: list[ProfileLink]
    audiences: dict[str, str]


class MemberChanged(EventData, frozen=True, kw_only=True):
    """One's own profile as it is now; said on `member:<id>`, to its owner's sockets only."""

    id: int
    member: Card
    languages: list[str]
    time_zone: str
    locale: str
    details: Details


class SecurityNoted(EventData, frozen=True, kw_only=True):
    """Something happened to the security of one's account; said on `member:<id>`.

    Attributes:
        kind: Such as `new-device` or `password-changed`; the list of recent activity names it.
    """

    id: int
    kind: str
    at: str


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
        pronouns: At most 40 characters.
        levels: How well one speaks a language, by tag: `native`, `C2` to `A1`, "" for unknown.
        working_hours: Replaced as a whole.
        interests: At most 600 characters.
        sectors: Codes of sectors that one is interested in, at most 20.
        about: At most 1,200 characters.
        links: At most 8.
        audiences: `everyone`, `members`, `organisation` or `nobody` by field; fields left out
            stay.
    """

    name: str | msgspec.UnsetType = msgspec.UNSET
    organisation: str | msgspec.UnsetType = msgspec.UNSET
    country: str | msgspec.UnsetType = msgspec.UNSET
    languages: list[str] | msgspec.UnsetType = msgspec.UNSET
    time_zone: str | msgspec.UnsetType = msgspec.UNSET
    locale: str | msgspec.UnsetType = msgspec.UNSET
    pronouns: str | msgspec.UnsetType = msgspec.UNSET
    levels: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    working_hours: WorkingHours | msgspec.UnsetType = msgspec.UNSET
    interests: str | msgspec.UnsetType = msgspec.UNSET
    sectors: list[str] | msgspec.UnsetType = msgspec.UNSET
    about: str | msgspec.UnsetType = msgspec.UNSET
    links: list[ProfileLink] | msgspec.UnsetType = msgspec.UNSET
    audiences: dict[str, str] | msgspec.UnsetType = msgspec.UNSET


class OrganisationCard(msgspec.Struct, frozen=True, kw_only=True):
    """How an organisation is named.

    Attributes:
        country: ISO 3166-1 alpha-2.
        kind: As `GET /api/v1/organisations/` has it.
    """

    id: int
    name: str
    country: str
    kind: str


class RoleState(msgspec.Struct, frozen=True, kw_only=True):
    """One's role in one organisation.

    Attributes:
        role: `representative` or `editor`.
        granted: Whether it counts; false while it is only asked for.
    """

    organisation: OrganisationCard
    role: str
    granted: bool


class RolesChanged(EventData, frozen=True, kw_only=True):
    """All roles of a member as they are now; said on `member:<id>`."""

    id: int
    roles: list[RoleState]


class AccompanimentChanged(EventData, frozen=True, kw_only=True):
    """An accompaniment was asked for, agreed to or ended; said to those who represent a side.

    Attributes:
        state: `asked`, `holding` or `ended`.
        asked_side: `intermediary` or `organisation`: who asked; the other side confirms.
    """

    id: int
    intermediary: OrganisationCard
    organisation: OrganisationCard
    state: str
    asked_side: str


class OrganisationActed(EventData, frozen=True, kw_only=True):
    """Somebody acted for an organisation; said to those who represent it.

    Attributes:
        what: Name of the kind of act.
        intermediary: For whom that somebody works.
    """

    id: int
    organisation: OrganisationCard
    intermediary: OrganisationCard
    what: str


class OrganisationWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What an organisation says of itself; fields that are left out stay as they are.

    Attributes:
        name: 1 to 160 characters, unique within the country.
        kind: One of the kinds that `GET /api/v1/organisations/` names.
        country: ISO 3166-1 alpha-2.
        region: NUTS code of the country, ISO 3166-2 where NUTS does not reach; "" for none.
        town: At most 120 characters.
        website: An address that begins with http:// or https://; "" for none.
        founded: Year; null for not said.
        size: `solo`, `micro`, `small`, `medium`, `large` or "".
        is_public: Whether strangers may see the page.
        sectors: Codes of `GET /api/v1/sectors/`, at most 8.
        languages: BCP 47 tags, at most 12, those spoken best first.
        descriptions: Text by BCP 47 tag, at most 4,000 characters each; "" takes that one away.
    """

    name: str | msgspec.UnsetType = msgspec.UNSET
    kind: str | msgspec.UnsetType = msgspec.UNSET
    country: str | msgspec.UnsetType = msgspec.UNSET
    region: str | msgspec.UnsetType = msgspec.UNSET
    town: str | msgspec.UnsetType = msgspec.UNSET
    website: str | msgspec.UnsetType = msgspec.UNSET
    founded: int | msgspec.UnsetType | None = msgspec.UNSET
    size: str | msgspec.UnsetType = msgspec.UNSET
    is_public: bool | msgspec.UnsetType = msgspec.UNSET
    sectors: list[str] | msgspec.UnsetType = msgspec.UNSET
    languages: list[str] | msgspec.UnsetType = msgspec.UNSET
    descriptions: dict[str, str] | msgspec.UnsetType = msgspec.UNSET


class OrganisationCreate(OrganisationWords, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A new organisation; name and country are required. Its maker represents it."""


class OrganisationChange(OrganisationWords, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A change of an organisation's page.

    Attributes:
        id: Of the organisation.
    """

    id: int


class RoleAsk(msgspec.Struct, frozen=True, kw_only=True):
    """A wish for a role in an organisation; those who represent it decide.

    Attributes:
        organisation: Its id.
        role: `representative` or `editor`.
    """

    organisation: int
    role: str


class RoleGrant(msgspec.Struct, frozen=True, kw_only=True):
    """A role for a member, whether they asked for it or not; another one replaces it."""

    organisation: int
    member: int
    role: str


class RoleEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a role, one's own too, or of the wish for one."""

    organisation: int
    member: int


class AccompanimentAsk(msgspec.Struct, frozen=True, kw_only=True):
    """A wish that an intermediary accompanies an organisation, from whichever side.

    Attributes:
        side: The side that one speaks for: `intermediary` or `organisation`.
    """

    intermediary: int
    organisation: int
    side: str


class AccompanimentName(msgspec.Struct, frozen=True, kw_only=True):
    """Names an accompaniment, to confirm it or to end it.

    Attributes:
        id: Of the accompaniment.
    """

    id: int
