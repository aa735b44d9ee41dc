"""The numbers that bound everything, and the token bucket."""

from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from django.conf import settings

PROTOCOL = 1
BEAT_S = 25
FRAME_BYTES_IN = 64 * 1024
FRAME_BYTES_OUT = 256 * 1024
SIGNAL_BYTES = 1024
IN_FLIGHT = 16
WAITING = 64
TOPICS = 200
WINDOW_EVENTS = 256
WINDOW_BYTES = 512 * 1024
STALL_S = 30
SILENT_S = 75
STRIKES = 3
SOCKETS_OF_A_MEMBER = 20
REPLAY_EVENTS = 1000
FOLLOWS, FOLLOWS_IN_S = 400, 10
SIGNALS_PER_S = 5
KEY_DAYS = 35
OUTGOING_BYTES = 1024 * 1024
DRAIN_S = 10


def announced() -> dict[str, int]:
    """The ``limits`` of ``hello``."""
    return {
        "frame_bytes": FRAME_BYTES_IN,
        "writes_per_s": settings.LIVE["writes_per_s"],
        "burst": settings.LIVE["burst"],
        "in_flight": IN_FLIGHT,
        "topics": TOPICS,
        "window_events": WINDOW_EVENTS,
    }


@dataclass(slots=True)
class Bucket:
    """A token bucket: ``burst`` at once, ``per_s`` sustained.

    Attributes:
        left: Tokens that are left, 0 to ``burst``.
    """

    per_s: float
    burst: float
    left: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.at = self.burst, monotonic()

    def take(self, count: float = 1, now: float | None = None) -> bool:
        """Take tokens if there are enough; ``now`` is seconds of a monotonic clock."""
        now = monotonic() if now is None else now
        self.left = min(self.burst, self.left + (now - self.at) * self.per_s)
        self.at = now
        if self.left < count:
            return False
        self.left -= count
        return True

    def give_back(self, count: float = 1) -> None:
        """Return tokens that were taken for nothing."""
        self.left = min(self.burst, self.left + count)

    @property
    def is_full(self) -> bool:
        """Whether it would be no loss to forget this bucket now."""
        return self.left + (monotonic() - self.at) * self.per_s >= self.burst


class Buckets:
    """The buckets of all members that wrote lately, for all doors of this process.

    Without numbers of their own they hold what ``hello`` announces for writes.
    """

    KEPT = 10_000

    def __init__(self, per_s: float | None = None, burst: float | None = None) -> None:
        self._per_s, self._burst = per_s, burst
        self._buckets: dict[int, Bucket] = {}
        self._lock = Lock()

    def take(self, member: int) -> bool:
        """Whether the member may write once more now."""
        with self._lock:
            bucket = self._buckets.get(member)
            if bucket is None:
                if len(self._buckets) >= self.KEPT:
                    self._buckets = {m: b for m, b in self._buckets.items() if not b.is_full}
                bucket = Bucket(
                    self._per_s or settings.LIVE["writes_per_s"],
                    self._burst or settings.LIVE["burst"],
                )
                self._buckets[member] = bucket
            return bucket.take()

    def give_back(self, member: int) -> None:
        """The write was a repetition, which costs nothing."""
        with self._lock:
            if (bucket := self._buckets.get(member)) is not None:
                bucket.give_back()


writes = Buckets()
