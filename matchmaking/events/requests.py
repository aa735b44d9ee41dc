"""What is said of cooperation requests on `member:<id>`, and the commands about them."""

import msgspec

from live.registry import EventData


class PostRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A cooperation request of an organisation for which one acts.

    Attributes:
        organisation: Its id.
        title: At most 120 characters.
        text: At most 2,000 characters.
        deadline: A date, the last day on which it can be answered, at most a year ahead.
        language: BCP 47, of title and text.
        offers: Forms of cooperation that are offered, at most 12.
        needs: Forms of cooperation that are sought, at least one here or in `offers`, at most 12.
        sectors: Codes of sectors, at most 8; none means those of the organisation.
        countries: In which partners are sought, ISO 3166-1; none means any but one's own.
        languages: BCP 47, at most 12: in which one can work together; none means any.
        audience: `everyone` or `members`.
    """

    organisation: int
    title: str
    text: str
    deadline: str
    language: str
    offers: list[str] = msgspec.field(default_factory=list)
    needs: list[str] = msgspec.field(default_factory=list)
    sectors: list[str] = msgspec.field(default_factory=list)
    countries: list[str] = msgspec.field(default_factory=list)
    languages: list[str] = msgspec.field(default_factory=list)
    audience: str = "members"


class ChangeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the request of this id is to say, as in `PostRequest`; fields left out stay."""

    id: int
    title: str | msgspec.UnsetType = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET
    deadline: str | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET
    offers: list[str] | msgspec.UnsetType = msgspec.UNSET
    needs: list[str] | msgspec.UnsetType = msgspec.UNSET
    sectors: list[str] | msgspec.UnsetType = msgspec.UNSET
    countries: list[str] | msgspec.UnsetType = msgspec.UNSET
    languages: list[str] | msgspec.UnsetType = msgspec.UNSET
    audience: str | msgspec.UnsetType = msgspec.UNSET


class NameRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request of an organisation for which one acts."""

    id: int


class EndRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a request: `met`, a partner was found, or `closed` without one."""

    id: int
    state: str


class AnswerRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to another's request, which opens a conversation with those who posted it.

    Attributes:
        organisation: For which one answers and acts.
        text: The first message there, at most 1,200 characters.
    """

    id: int
    organisation: int
    text: str


class RequestNow(msgspec.Struct, frozen=True, kw_only=True):
    """A cooperation request.

    Attributes:
        name: Of the organisation.
        country: The organisation's, ISO 3166-1.
        deadline: A date, the last day on which it can be answered, in UTC.
        made_at: ISO 8601, UTC, as `expires_at`, when it ends unless it is renewed.
        state: `open`, `met`, `closed` or `expired`.
    """

    id: int
    organisation: int
    name: str
    country: str
    title: str
    text: str
    language: str
    offers: list[str]
    needs: list[str]
    sectors: list[str]
    countries: list[str]
    languages: list[str]
    audience: str
    state: str
    deadline: str
    made_at: str
    expires_at: str


class RequestChanged(EventData, frozen=True, kw_only=True):
    """A request of an organisation for which one acts is this now."""

    request: RequestNow
