"""Reading the log: heads, events in order, and the bytes that go to readers.

An event row names what happened to which row; what it shows is read from that row when it is
sent, so an edit or an erasure needs no change of the log.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
import structlog
from django.db import connection

from base.clock import wire_time
from base.ids import split_topic
from live.models import Event, Log, Topic
from live.registry import topic_kinds
from live.rows import select

EVENT_BYTES = 128 * 1024
_encoder = msgspec.json.Encoder()
_logger = structlog.get_logger("live.log")


@dataclass
class Entry:
    """One event as readers get it.

    Attributes:
        topic: Name of the topic.
        seq: Place in the topic's log, from 1.
        by: Id of the member who acted; None for the system.
        key: The write's key, shown only to the sockets of ``by``.
        data: The event's data as encoded JSON.
        access: Who lost access (``out``: member ids) or must be looked at anew (``check``:
            member ids or ``"all"``), None where nothing of the kind happened.
    """

    topic: str
    seq: int
    event: str
    at: datetime
    by: int | None
    key: uuid.UUID | None
    subject: int | None
    data: bytes
    access: dict[str, Any] | None = None

    @cached_property
    def wire(self) -> bytes:
        """The event as everyone gets it."""
        return _encoder.encode(self._head() | {"data": msgspec.Raw(self.data)})

    @cached_property
    def wire_with_key(self) -> bytes:
        """The event as the sockets of the member who wrote it get it."""
        if self.key is None:
            return self.wire
        return _encoder.encode(self._head() | {"key": self.key, "data": msgspec.Raw(self.data)})

    def _head(self) -> dict[str, Any]:
        return {
            "topic": self.topic,
            "seq": self.seq,
            "event": self.event,
            "at": wire_time(self.at),
            "by": self.by,
        }

    def shuts_out(self, member: int) -> bool:
        """Whether nothing after this event may reach that member."""
        return self.access is not None and member in self.access.get("out", ())


@dataclass(frozen=True, slots=True)
class Head:
    """Where a topic's log stands: its row, its last ``seq``, the first that is kept."""

    id: int
    seq: int
    first_seq: int


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of one topic's log that is wanted: after ``since``, at most ``limit`` events."""

    topic: str
    topic_id: int
    since: int
    limit: int = 256


def epoch() -> uuid.UUID:
    """The epoch of this log, made when it is first asked for. One query."""
    return Log.objects.get_or_create(pk=1)[0].epoch


def heads(names: Collection[str]) -> dict[str, Head]:
    """The heads of those topics that have a log; one query per 1,000 names."""
    found: dict[str, Head] = {}
    ordered = list(names)
    for start in range(0, len(ordered), 1000):
        rows = Topic.objects.filter(name__in=ordered[start : start + 1000])
        for name, pk, seq, first in rows.values_list("name", "id", "seq", "first_seq"):
            found[name] = Head(pk, seq, first)
    return found


def changed_heads(known: dict[int, int]) -> dict[int, int]:
    """Ids and heads of those topics whose head is not the known one; one query per 1,000."""
    changed: dict[int, int] = {}
    ids = list(known)
    for start in range(0, len(ids), 1000):
        part = ids[start : start + 1000]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT id, seq FROM live_topic WHERE id = ANY(%s)", [part])
                rows = cursor.fetchall()
        else:
            rows = list(Topic.objects.filter(pk__in=part).values_list("id", "seq"))
        changed |= {pk: seq for pk, seq in rows if known[pk] != seq}
    return changed


def read(ranges: Sequence[Range]) -> dict[str, list[Entry]]:
    """The wanted stretches, each in ``seq`` order without a gap; by topic name.

    One query for all ranges together, and what the kinds of topics need to show the events.
    """
    rows: list[Event] = []
    for start in range(0, len(ranges), 50):
        wanted = ranges[start : start + 50]
        stretch = "(topic_id = %s AND seq > %s AND seq <= %s)"
        rows += select(
            Event,
            " OR ".join([stretch] * len(wanted)) + " ORDER BY topic_id, seq",
            [
                value
                for part in wanted
                for value in (part.topic_id, part.since, part.since + part.limit)
            ],
        )
    names = {part.topic_id: part.topic for part in ranges}
    entries: dict[str, list[Entry]] = {part.topic: [] for part in ranges}
    for entry in present([(names[row.topic_id], row) for row in rows]):
        entries[entry.topic].append(entry)
    return entries


def present(rows: Iterable[tuple[str, Event]]) -> list[Entry]:
    """Events with what they show now, in the given order; what is gone says so."""
    by_kind: dict[str, list[tuple[int, str, Event]]] = defaultdict(list)
    count = 0
    for place, (name, row) in enumerate(rows):
        parts = split_topic(name)
        by_kind[parts[0] if parts else ""].append((place, name, row))
        count += 1
    entries: list[Entry | None] = [None] * count
    for kind_name, places in by_kind.items():
        kind = topic_kinds().get(kind_name)
        shown: Sequence[Any] = (
            kind.present([row for _, _, row in places])
            if kind
            else [row.data for _, _, row in places]
        )
        for (place, name, row), data in zip(places, shown, strict=True):
            entries[place] = as_entry(name, row, data)
    return [entry for entry in entries if entry is not None]


def as_entry(topic: str, row: Event, data: Any) -> Entry:
    """One event with its data; None as data means that its subject is gone."""
    encoded = _encoder.encode({"id": row.subject, "gone": True} if data is None else data)
    if len(encoded) > EVENT_BYTES:
        _logger.error("event too large", topic=topic, seq=row.seq, size_bytes=len(encoded))
        encoded = _encoder.encode({"id": row.subject, "too_large": True})
    return Entry(
        topic, row.seq, row.event, row.at, row.by_id, row.key, row.subject, encoded, row.access
    )
