"""What is said of matching profiles on `member:<id>`, and the commands about them."""

import msgspec

from live.registry import EventData


class SaveMatching(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What an organisation's matching profile is to say; fields left out stay.

    Attributes:
        organisation: Its id; one acts for it.
        offers: Forms of cooperation that it offers, at most 12.
        needs: Forms of cooperation that it looks for, at most 12.
        private_needs: Those of its needs that nobody else may see or infer.
        sectors: Codes of sectors, at most 8.
        wanted: Countries in which it looks, ISO 3166-1; none means any.
        excluded: Countries in which it does not look.
        languages: BCP 47, at most 12: in which one can work with it.
        sizes: Classes of size of partners; none means any.
        programmes: Codes of funding programmes that it uses, at most 12.
        looking_for: At most 1,200 characters.
        offering: At most 1,200 characters.
        language: BCP 47, of both texts.
        starts_on: A date, from when on; None where it is not said.
        ends_on: A date, until when.
        budget: `xs`, `s`, `m`, `l`, `xl` or "".
        weekly: The most suggestions that it gets in seven days, 0 to 20.
        is_contact: Whether one wants to be the person who speaks for it in introductions; whoever
            saves a profile that has none becomes it anyway.
    """

    organisation: int
    offers: list[str] | msgspec.UnsetType = msgspec.UNSET
    needs: list[str] | msgspec.UnsetType = msgspec.UNSET
    private_needs: list[str] | msgspec.UnsetType = msgspec.UNSET
    sectors: list[str] | msgspec.UnsetType = msgspec.UNSET
    wanted: list[str] | msgspec.UnsetType = msgspec.UNSET
    excluded: list[str] | msgspec.UnsetType = msgspec.UNSET
    languages: list[str] | msgspec.UnsetType = msgspec.UNSET
    sizes: list[str] | msgspec.UnsetType = msgspec.UNSET
    programmes: list[str] | msgspec.UnsetType = msgspec.UNSET
    looking_for: str | msgspec.UnsetType = msgspec.UNSET
    offering: str | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET
    starts_on: str | msgspec.UnsetType | None = msgspec.UNSET
    ends_on: str | msgspec.UnsetType | None = msgspec.UNSET
    budget: str | msgspec.UnsetType = msgspec.UNSET
    weekly: int | msgspec.UnsetType = msgspec.UNSET
    is_contact: bool = False


class NameMatching(msgspec.Struct, frozen=True, kw_only=True):
    """The matching profile of an organisation for which one acts."""

    organisation: int


class MatchingState(msgspec.Struct, frozen=True, kw_only=True):
    """A matching profile as those see it who may act for its organisation.

    Attributes:
        organisation: Its id.
        name: The organisation's name.
        contact: Id of the member who speaks for it, None for nobody.
        expires_at: ISO 8601, UTC; in the past for one that rests.
        is_shared: Whether it counts: it lasts, and its contact consents and may act for it.
        complete_percent: How much of what helps it says.
        missing: What would help more, in the order in which it helps.
    """

    organisation: int
    name: str
    contact: int | None
    offers: list[str]
    needs: list[str]
    private_needs: list[str]
    sectors: list[str]
    wanted: list[str]
    excluded: list[str]
    languages: list[str]
    sizes: list[str]
    programmes: list[str]
    looking_for: str
    offering: str
    language: str
    starts_on: str | None
    ends_on: str | None
    budget: str
    weekly: int
    expires_at: str
    is_shared: bool
    complete_percent: int
    missing: list[str]


class MatchingChanged(EventData, frozen=True, kw_only=True):
    """A matching profile of an organisation for which one acts is this now."""

    matching: MatchingState
