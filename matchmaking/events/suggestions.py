"""What is said of suggestions and introductions on `member:<id>`, and the commands about them."""

import msgspec

from live.registry import EventData
from members.events import Card, OrganisationCard


class AnswerSuggestion(msgspec.Struct, frozen=True, kw_only=True):
    """What one's organisation says of another that was suggested to it.

    Attributes:
        organisation: One's own; one has a role in it.
        other: Who was suggested.
        answer: `interested`, `later` or `declined`.
        why: With `declined`: `known`, `sector`, `needs`, `country`, `size`, `other` or "".
        weeks: With `later`: after how many weeks it comes again, 1 to 52.
    """

    organisation: int
    other: int
    answer: str
    why: str = ""
    weeks: int = 4


class UndoAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The end of an answer, as long as both have not agreed."""

    organisation: int
    other: int


class ProposeIntroduction(msgspec.Struct, frozen=True, kw_only=True):
    """An introduction of two organisations that one's intermediary accompanies.

    Attributes:
        intermediary: In whose name; one has a role in it.
        first: One organisation's id; the order does not matter.
        second: The other's.
    """

    intermediary: int
    first: int
    second: int


class AnswerIntroduction(msgspec.Struct, frozen=True, kw_only=True):
    """What one's organisation says to an introduction that waits.

    Attributes:
        id: Of the introduction.
        organisation: One's own.
        yes: Whether it wants to meet; a no is silent.
    """

    id: int
    organisation: int
    yes: bool


class MoveIntroduction(msgspec.Struct, frozen=True, kw_only=True):
    """How an introduction goes on: `met`, `cooperating` or `closed`."""

    id: int
    organisation: int
    state: str


class SuggestionState(msgspec.Struct, frozen=True, kw_only=True):
    """A suggestion as its organisation's people see it.

    Attributes:
        organisation: Whose suggestion it is.
        other: Who is suggested.
        made_at: ISO 8601, UTC.
        wants_to_meet: Whether the other would like to meet.
        is_open: Whether it waits for an answer.
        answer: `interested`, `later`, `declined` or "".
        until: Until when it was put off, None where it was not.
    """

    organisation: int
    other: OrganisationCard
    made_at: str
    wants_to_meet: bool
    is_open: bool
    answer: str
    until: str | None


class IntroductionNow(msgspec.Struct, frozen=True, kw_only=True):
    """An introduction as one side may know it.

    Attributes:
        organisation: Whose view it is.
        other: The other side.
        state: `proposed`, `accepted`, `open`, `met`, `cooperating` or `closed`.
        is_mine_to_answer: Whether one's own side has not answered and still may.
        said: What one's own side said: `yes`, `no` or "".
        intermediary: Who proposed it, None where one side was interested.
        channel: The conversation, once it is open.
        speakers: Who talks, once it is open.
        can: The states that one may set now.
        answer_by: When it runs out unless both agree, ISO 8601.
    """

    id: int
    organisation: int
    other: OrganisationCard
    state: str
    is_mine_to_answer: bool
    said: str
    intermediary: OrganisationCard | None
    channel: int | None
    speakers: list[Card]
    can: list[str]
    answer_by: str


class SuggestionChanged(EventData, frozen=True, kw_only=True):
    """A suggestion of one's organisation is new, or was answered, or the answer taken back."""

    suggestion: SuggestionState


class IntroductionChanged(EventData, frozen=True, kw_only=True):
    """An introduction of one's organisation is this now, as far as one's side may know."""

    introduction: IntroductionNow
