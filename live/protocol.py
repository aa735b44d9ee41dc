"""The protocol of one socket as a state machine without I/O: no Django, no Channels, no clock.

Bytes that came in become inputs (:data:`Input`); entries that go out are joined to frames; the
window says how many more events this reader takes. Times are seconds of a monotonic clock that
the caller passes. ``docs/protocol.md`` is the contract.
"""

import json
import uuid
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from base.ids import parse_key
from live import limits

SAFE_INTEGER = 2**53 - 1
HEADLESS = frozenset({"seen", "signal"})
_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Wish:
    """One topic that a client wants to follow, and how far it already is."""

    topic: str
    since: int | None = None
    epoch: str | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """``follow``, of one topic or (``is_list``) of several."""

    ref: int
    wishes: tuple[Wish, ...]
    is_list: bool


@dataclass(frozen=True, slots=True)
class Unfollow:
    """``unfollow``."""

    ref: int
    topic: str


@dataclass(frozen=True, slots=True)
class Seen:
    """``seen``: the last applied ``seq`` by topic."""

    heads: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Signal:
    """``signal``."""

    topic: str
    signal: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    """``ping``."""

    ref: int


@dataclass(frozen=True, slots=True)
class Write:
    """Any other command: a write with its key, whose data is not yet validated."""

    ref: int
    cmd: str
    topic: str
    key: uuid.UUID | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What came is no valid command; ``ref`` is None where it could not be read."""

    ref: int | None
    code: str = "malformed"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What came is to be ignored without a word."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """The peer does not speak this protocol; close with 4400."""


Input = Follow | Unfollow | Seen | Signal | Ping | Write | Wrong | Dropped | Stranger


Chunk = tuple[int, int, int]
"""Consecutive events of a topic that went out together: last ``seq``, how many, bytes."""


class Window:
    """How many events went out unseen, all topics of the socket together.

    Attributes:
        events: Sent and not yet seen.
        size_bytes: Their size.
    """

    __slots__ = ("_sent", "events", "size_bytes")

    def __init__(self) -> None:
        self.events = 0
        self.size_bytes = 0
        self._sent: dict[str, deque[Chunk]] = {}

    @property
    def room(self) -> int:
        """How many more events may be sent now; 0 when the window is full."""
        if self.size_bytes >= limits.WINDOW_BYTES:
            return 0
        return max(0, limits.WINDOW_EVENTS - self.events)

    def takes(self, events: int, size_bytes: int) -> bool:
        """Whether that many more events of that size may be sent now.

        One event always fits an empty window, whatever its size.
        """
        if self.events == 0:
            return events <= limits.WINDOW_EVENTS
        return (
            self.events + events <= limits.WINDOW_EVENTS
            and self.size_bytes + size_bytes <= limits.WINDOW_BYTES
        )

    def sent(self, topic: str, chunk: Chunk) -> None:
        """Note that a chunk of a topic's events went out."""
        chunks = self._sent.get(topic)
        if chunks is None:
            chunks = self._sent[topic] = deque()
        chunks.append(chunk)
        self.events += chunk[1]
        self.size_bytes += chunk[2]

    def admit(self, topic: str, chunk: Chunk) -> bool:
        """Note that a chunk goes out if the window takes it, else do nothing and say False."""
        # Called for every socket and frame, with one chunk for all of them.
        events, size_bytes = self.events + chunk[1], self.size_bytes + chunk[2]
        is_full = events > limits.WINDOW_EVENTS or size_bytes > limits.WINDOW_BYTES
        if is_full and not self.takes(chunk[1], chunk[2]):
            return False
        self.events, self.size_bytes = events, size_bytes
        chunks = self._sent.get(topic)
        if chunks is None:
            chunks = self._sent[topic] = deque()
        chunks.append(chunk)
        return True

    def seen(self, topic: str, seq: int) -> bool:
        """Note that the reader applied a topic up to ``seq``; whether that made room."""
        chunks = self._sent.get(topic)
        if chunks is None:
            return False
        events = size_bytes = 0
        while chunks:
            last, count, size = chunks[0]
            if last > seq:
                # A chunk ends at its seq and holds consecutive events; part of one may be seen.
                gone = count - (last - seq)
                if gone > 0:
                    freed = size * gone // count
                    chunks[0] = (last, count - gone, size - freed)
                    events += gone
                    size_bytes += freed
                break
            chunks.popleft()
            events += count
            size_bytes += size
        else:
            del self._sent[topic]
        self.events -= events
        self.size_bytes -= size_bytes
        return events > 0

    def forget(self, topic: str) -> None:
        """The topic is no longer followed; what was sent of it no longer counts."""
        for _, events, size in self._sent.pop(topic, ()):
            self.events -= events
            self.size_bytes -= size


@dataclass(slots=True)
class Connection:
    """What one socket has said so far.

    Attributes:
        heard_at: When anything came last.
        strikes: Frames so far that were no JSON object.
        window: The events that are under way.
    """

    heard_at: float
    strikes: int = 0
    window: Window = field(default_factory=Window)

    def receive(self, frame: str | bytes, now: float) -> Input:
        """What one frame means."""
        self.heard_at = now
        message = _decode(frame)
        if not isinstance(message, dict):
            self.strikes += 1
            return Stranger() if self.strikes >= limits.STRIKES else Wrong(None)
        return parse(message)


def _decode(frame: str | bytes) -> Any:
    """The JSON value of a text frame; None for a binary frame and what is no JSON."""
    if isinstance(frame, bytes):
        return None
    try:
        return _decoder.decode(frame)
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        # A lone surrogate in a string is no reason to call the peer a stranger.
        lenient = json.loads(frame)
    except (ValueError, RecursionError):
        return None
    return {"ref": lenient.get("ref")} if isinstance(lenient, dict) else None


def parse(message: Mapping[str, Any]) -> Input:  # noqa: PLR0911 - one return per command
    """The command that a decoded object is."""
    cmd, ref = message.get("cmd"), message.get("ref")
    if not isinstance(ref, int) or isinstance(ref, bool) or abs(ref) > SAFE_INTEGER:
        ref = None
    if not isinstance(cmd, str) or len(cmd) > 64:  # noqa: PLR2004 - no name is that long
        return Wrong(ref)
    if cmd == "seen":
        return _seen(message)
    if cmd == "signal":
        return _signal(message)
    if ref is None:
        return Wrong(None)
    if cmd == "ping":
        return Ping(ref)
    if cmd == "follow":
        return _follow(ref, message)
    topic = message.get("topic", "")
    if not isinstance(topic, str) or len(topic) > 64:  # noqa: PLR2004 - as in the log
        return Wrong(ref)
    if cmd == "unfollow":
        return Unfollow(ref, topic) if topic else Wrong(ref)
    data = message.get("data", {})
    if not isinstance(data, dict):
        return Wrong(ref)
    if message.get("key") is not None and parse_key(message["key"]) is None:
        return Wrong(ref, "key.missing")
    return Write(ref, cmd, topic, parse_key(message.get("key")), data)


def _is_seq(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= SAFE_INTEGER


def _seen(message: Mapping[str, Any]) -> Input:
    heads = message.get("heads")
    if not isinstance(heads, dict):
        return Dropped()
    return Seen({topic: seq for topic, seq in heads.items() if _is_seq(seq)})


def _signal(message: Mapping[str, Any]) -> Input:
    topic, name, data = message.get("topic"), message.get("signal"), message.get("data", {})
    if not (isinstance(topic, str) and isinstance(name, str) and isinstance(data, dict)):
        return Dropped()
    if len(_encoder.encode(data)) > limits.SIGNAL_BYTES:
        return Dropped()
    return Signal(topic, name, data)


def _wish(fields: object) -> Wish | None:
    if not isinstance(fields, dict):
        return None
    topic, since, epoch = fields.get("topic"), fields.get("since"), fields.get("epoch")
    if not isinstance(topic, str) or not topic or len(topic) > 64:  # noqa: PLR2004 - as in the log
        return None
    if (since is not None and not _is_seq(since)) or not isinstance(epoch, str | None):
        return None
    return Wish(topic, since, epoch)


def _follow(ref: int, message: Mapping[str, Any]) -> Input:
    several = message.get("topics")
    if several is None:
        wish = _wish(message)
        return Follow(ref, (wish,), is_list=False) if wish else Wrong(ref)
    if not isinstance(several, list) or len(several) > limits.FOLLOWS:
        return Wrong(ref)
    wishes = [_wish(fields) for fields in several]
    whole = tuple(wish for wish in wishes if wish is not None)
    return Follow(ref, whole, is_list=True) if len(whole) == len(wishes) else Wrong(ref)


def joined(messages: Sequence[bytes]) -> bytes:
    """One frame's payload for encoded objects: the object itself, or an array of several."""
    return messages[0] if len(messages) == 1 else b"[" + b",".join(messages) + b"]"


def frames(messages: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Encoded objects in order, cut so that each part fits a frame to the client."""
    part: list[bytes] = []
    size = 2
    for message in messages:
        if part and size + len(message) + 1 > limits.FRAME_BYTES_OUT:
            yield part
            part, size = [], 2
        part.append(message)
        size += len(message) + 1
    if part:
        yield part


def encode(message: Mapping[str, Any]) -> bytes:
    """One object as it goes out."""
    return _encoder.encode(message)


def needs_resync(
    *,
    since: int,
    epoch: str | None,
    log_epoch: str,
    head: int,
    first_seq: int,
    reach_since: int,
    most: int | None = limits.REPLAY_EVENTS,
) -> bool:
    """Whether a reader who is at ``since`` must start from a snapshot.

    So when the epoch is another, ``since`` is ahead of the log, before what the log keeps or
    what the reader may be replayed, or more than ``most`` behind (None: any distance).
    """
    return (
        (epoch is not None and epoch != log_epoch)
        or since > head
        or since < first_seq - 1
        or since < reach_since
        or (most is not None and head - since > most)
    )
