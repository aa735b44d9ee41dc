"""What is said of meeting rounds on `member:<id>`, and the commands about them."""

import msgspec

from live.registry import EventData
from members.events import Card


class PlanMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting whose rounds one wants to run.

    Attributes:
        title: At most 120 characters.
        size: People at a table: 2, 3 or 4.
        members: Ids of those who take part, at most 300.
        with_consenting: Everybody who agreed to suggestions of partners takes part too.
    """

    title: str
    size: int
    members: list[int] = []
    with_consenting: bool = False


class NextRound(msgspec.Struct, frozen=True, kw_only=True):
    """The next round is to begin, with those who are there."""

    meeting: int


class PlanAhead(msgspec.Struct, frozen=True, kw_only=True):
    """So many rounds are to be planned ahead, 1 to 10; former plans are thrown away."""

    meeting: int
    rounds: int


class ChangePresence(msgspec.Struct, frozen=True, kw_only=True):
    """Who has come, and who is not there; the round that runs is mended.

    Attributes:
        here: Ids of those who are there now; who did not take part yet does from now.
        absent: Ids of those who are not.
    """

    meeting: int
    here: list[int] = []
    absent: list[int] = []


class DropMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting with all its rounds is to be deleted."""

    meeting: int


class WaitingNow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who waits in a round.

    Attributes:
        why: `alone`, `country`, `language`, `met` or `taken`.
        times: Rounds in which this person waited so far, this one included.
    """

    member: Card
    why: str
    times: int


class TableNow(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits at a table."""

    table: int
    members: list[Card]


class RoundNow(msgspec.Struct, frozen=True, kw_only=True):
    """One round.

    Attributes:
        is_plan: It has not begun.
        begun_at: ISO 8601, UTC; None for a plan.
        is_proven: No seating of what was weighed fits better: of everybody's ten best edges, for
            groups of everybody's four best of those that these edges make.
    """

    number: int
    is_plan: bool
    begun_at: str | None
    is_proven: bool
    tables: list[TableNow]
    waiting: list[WaitingNow]


class MeetingState(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting in short.

    Attributes:
        current: Number of the round that runs, 0 before the first.
        rounds: Rounds that exist, plans among them.
        taking_part: People who take part.
        here: How many of them are there.
        waiting: How many wait in the round that runs.
    """

    id: int
    title: str
    size: int
    current: int
    rounds: int
    taking_part: int
    here: int
    waiting: int


class OwnMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting in which one takes part, in short.

    Attributes:
        current: Number of the round that runs, 0 before the first.
        is_here: Whether one is there, as the organisers know it.
    """

    id: int
    title: str
    size: int
    current: int
    is_here: bool


class OwnRound(msgspec.Struct, frozen=True, kw_only=True):
    """One round, for one who takes part.

    Attributes:
        begun_at: ISO 8601, UTC; None for a plan, which may still change.
        table: Number of one's table; None where one waits.
        others: Who else sits there.
        why: Why one waits, as in `WaitingNow`; "" at a table.
    """

    number: int
    is_plan: bool
    begun_at: str | None
    table: int | None
    others: list[Card]
    why: str


class OwnTables(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting in which one takes part, with one's rounds in order."""

    meeting: OwnMeeting
    rounds: list[OwnRound]


class TablesChanged(EventData, frozen=True, kw_only=True):
    """A meeting in which one takes part, with one's rounds, is this now; null once it is none."""

    id: int
    tables: OwnTables | None


class MeetingChanged(EventData, frozen=True, kw_only=True):
    """A meeting that one planned is this now; null once it was deleted."""

    id: int
    meeting: MeetingState | None
