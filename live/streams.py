"""What the hub keeps of a topic and of each socket's place in it."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from live.log import Entry
from live.registry import Reach
from live.sockets import Socket

TAIL = 256
TAIL_S = 10.0


@dataclass(eq=False, slots=True)
class Following:
    """One socket's place in one topic.

    Attributes:
        sent: The last ``seq`` that was handed to the socket.
        is_behind: It is caught up from the log instead of with everyone.
        until: The last ``seq`` it may get, once it lost access; None while it has access.
        told: The value of ``sent`` at the last heartbeat.
    """

    socket: Socket
    stream: "Stream"
    sent: int
    reach: Reach
    is_behind: bool = False
    until: int | None = None
    told: int = field(init=False)

    def __post_init__(self) -> None:
        self.told = self.sent

    @property
    def goal(self) -> int:
        """The last ``seq`` that this socket may be handed now."""
        return self.stream.delivered if self.until is None else self.until


@dataclass(eq=False, slots=True)
class Stream:
    """One topic as this process follows it.

    Attributes:
        delivered: The last ``seq`` that went to those in step.
        head: The greatest ``seq`` that anybody spoke of.
        fresh: Entries that this process has just committed, by ``seq``.
        tail: The newest delivered entries, for those who come back a moment later.
        is_checking: It stands still until it is known who may read on.
        is_waiting: It will go on in a moment, with several events in one frame.
    """

    name: str
    id: int
    delivered: int
    head: int
    followers: set[Following] = field(default_factory=set)
    fresh: dict[int, Entry] = field(default_factory=dict)
    tail: deque[Entry] = field(default_factory=lambda: deque(maxlen=TAIL))
    subjects: dict[int, int] = field(default_factory=dict)
    is_checking: bool = False
    is_waiting: bool = False
    delivered_at: float = 0.0

    def take_fresh(self) -> list[Entry]:
        """The fresh entries that follow ``delivered`` without a gap, no longer kept."""
        ready: list[Entry] = []
        while (entry := self.fresh.pop(self.delivered + len(ready) + 1, None)) is not None:
            ready.append(entry)
        return ready

    def remember(self, entries: Sequence[Entry]) -> None:
        """Keep delivered entries; what shows a row that has changed since is worth no more."""
        for entry in entries:
            self.fresh.pop(entry.seq, None)
            if entry.subject is not None:
                older = self.subjects.get(entry.subject, 0)
                while self.tail and self.tail[0].seq <= older:
                    self.tail.popleft()
                self.subjects[entry.subject] = entry.seq
            self.tail.append(entry)
        if len(self.subjects) > 2 * TAIL:
            self.subjects = {e.subject: e.seq for e in self.tail if e.subject is not None}
        self.delivered_at = monotonic()

    def recent(self, since: int) -> list[Entry] | None:
        """The entries after ``since`` if all are remembered, else None."""
        if since >= self.delivered:
            return []
        if not self.tail or self.tail[0].seq > since + 1 or self.tail[-1].seq != self.delivered:
            return None
        return [entry for entry in self.tail if entry.seq > since]

    def forget_old(self, now: float) -> None:
        """Drop the tail of a topic that was quiet for :data:`TAIL_S`."""
        if self.tail and self.delivered_at < now - TAIL_S:
            self.tail.clear()
            self.subjects.clear()
