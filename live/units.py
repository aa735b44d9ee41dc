"""The unit of work: one transaction in which jobs run, events get their places, keys are kept.

Invariants: a topic's row is locked before its ``seq`` grows, so numbers are given in commit
order without a gap; events, keys and rows of a job stand or fall together; nothing is announced
before the commit. Actions write through :func:`append` and :func:`add`. ``live/performing.py``
opens units for the jobs of members, :func:`unit` one for the system.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Model

from base.clock import now
from base.errors import Refusal
from base.ids import split_topic
from live import announce
from live.log import Entry, as_entry
from live.models import Event, Topic, WriteKey
from live.registry import Command, EventData, Written, topic_kinds
from live.rows import given, insert

Row = TypeVar("Row", bound=Model)
Found = TypeVar("Found")
_current: ContextVar["Unit | None"] = ContextVar("live_unit", default=None)


@dataclass
class Job:
    """One write that wants to be done: who, what, with which key, and in the end its answer.

    Attributes:
        limited: The sender was too fast: only a replay is answered, anything else refused.
        reply: The ``ok`` object after success.
        refusal: Why it was not done.
    """

    actor_id: int
    command: Command
    topic: str
    number: int
    data: Any
    key: uuid.UUID
    digest: bytes
    limited: bool = False
    reply: dict[str, Any] | None = None
    refusal: Refusal | None = None


@dataclass
class _Pending:
    row: Event
    topic: str
    subject: Model | None
    fresh: Callable[[], EventData] | None


@dataclass
class _Head:
    id: int
    seq: int
    at_start: int


@dataclass
class Unit:
    """What one transaction has locked and will write when it is flushed.

    Attributes:
        asked: The topics whose locks were asked for, whether they were got or not.
    """

    heads: dict[str, _Head] = field(default_factory=dict)
    events: list[_Pending] = field(default_factory=list)
    rows: list[Model] = field(default_factory=list)
    children: list[tuple[Model, str, Model]] = field(default_factory=list)
    keys: list[tuple[Job, Written | None, int]] = field(default_factory=list)
    replays: list[tuple[Job, Job]] = field(default_factory=list)
    memory: dict[Any, Any] = field(default_factory=dict)
    job: Job | None = None
    wrote: bool = False
    asked: set[str] = field(default_factory=set)
    clock: Callable[[], Any] = now

    def lock(self, names: Sequence[str], *, make: bool = False) -> None:
        """Lock those topics' rows, in name order; missing ones are made only if asked."""
        wanted = sorted(set(names) - self.heads.keys())
        if not wanted:
            return
        self.asked.update(wanted)
        if make:
            Topic.objects.bulk_create([Topic(name=name) for name in wanted], ignore_conflicts=True)
        marks = ", ".join(["%s"] * len(wanted))
        sql = f"SELECT name, id, seq FROM live_topic WHERE name IN ({marks}) ORDER BY name"  # noqa: S608 - marks alone
        if connection.features.has_select_for_update:
            sql += " FOR UPDATE"
        with connection.cursor() as cursor:
            cursor.execute(sql, wanted)
            for name, pk, seq in cursor.fetchall():
                self.heads[name] = _Head(pk, seq, seq)

    def head(self, name: str) -> int:
        """The last ``seq`` of a topic as this unit sees it; 0 without a log."""
        return self.heads[name].seq if name in self.heads else 0

    def next_seq(self, name: str) -> _Head:
        """Take the next place in a topic's log, locking the topic if it is not yet."""
        if name not in self.heads:
            self.lock([name], make=True)
        head = self.heads[name]
        head.seq += 1
        return head

    def undo(self, events: int, rows: int, heads: int) -> None:
        """Forget what was appended, added and locked beyond those counts.

        With the savepoint went the topics that were made in it, and on PostgreSQL the locks.
        """
        for pending in self.events[events:]:
            self.heads[pending.topic].seq -= 1
        del self.events[events:]
        dropped = {id(row) for row in self.rows[rows:]}
        del self.rows[rows:]
        if self.children:
            self.children = [each for each in self.children if id(each[0]) not in dropped]
        for name in list(self.heads)[heads:]:
            del self.heads[name]
        self.memory.clear()

    def flush(self) -> None:
        """Write rows, events, heads and keys; then the ids of all rows are known."""
        waiting = {id(row) for row, _, _ in self.children}
        _insert_alike([row for row in self.rows if id(row) not in waiting])
        for row, name, parent in self.children:
            setattr(row, name, parent)
        if waiting:
            _insert_alike([row for row in self.rows if id(row) in waiting])
        for pending in self.events:
            if pending.subject is not None:
                pending.row.subject = pending.subject.pk
        insert([pending.row for pending in self.events])
        grown = [(head.id, head.seq) for head in self.heads.values() if head.seq != head.at_start]
        if grown:
            source, values = given(connections[DEFAULT_DB_ALIAS], ("bigint", "bigint"), grown)
            sql = f"""
                UPDATE live_topic SET seq = grown.column2
                FROM ({source}) AS grown WHERE live_topic.id = grown.column1
            """  # noqa: S608 - marks alone
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
        replies = []
        for job, written, seq in self.keys:
            topic = (written.topic if written else None) or job.topic
            job.reply = {"topic": topic, "seq": seq}
            if written and written.subject is not None:
                job.reply["id"] = written.subject.pk
            replies.append(
                WriteKey(member_id=job.actor_id, key=job.key, digest=job.digest, reply=job.reply)
            )
        insert(replies)
        for again, first in self.replays:
            again.reply = (first.reply or {}) | {"replayed": True}
        self.announce_on_commit()

    def announce_on_commit(self) -> None:
        """After the commit, tell this process's hub what was written."""
        if not self.events:
            return
        done: dict[str, tuple[int, list[Entry]]] = {}
        for pending in self.events:
            entries = done.setdefault(pending.topic, (pending.row.topic_id, []))[1]
            if pending.fresh is not None or split_topic(pending.topic) is None:
                data = pending.fresh() if pending.fresh else pending.row.data
                entries.append(as_entry(pending.topic, pending.row, data))
        facts = [
            announce.Commit(name, pk, self.heads[name].seq, tuple(entries))
            for name, (pk, entries) in done.items()
        ]
        transaction.on_commit(lambda: announce.committed(facts))


def current() -> Unit:
    """The unit that is open in this thread.

    Raises:
        RuntimeError: an action was called outside of one.
    """
    found = _current.get()
    if found is None:
        message = "writes happen inside live.performing.perform() or live.units.unit()"
        raise RuntimeError(message)
    return found


def append(
    *,
    topic: str,
    event: str,
    actor: Any = None,
    subject: Model | None = None,
    data: EventData | dict[str, Any] | None = None,
    fresh: Callable[[], EventData] | None = None,
    at: datetime | None = None,
    out: Sequence[int] = (),
    check: Sequence[int] | str = (),
) -> int:
    """Put an event at the end of a topic's log; returns its ``seq``.

    Args:
        topic: Name of the topic; its log begins with its first event.
        event: Name of the event, as the topic's kind declares it.
        actor: The member who acted, None for the system and for anonymous writes.
        subject: The row that the event is about; it may still wait in the unit for its id.
        data: What the event says beyond its subject; never a person's words or name.
        fresh: Makes the data as ``present`` of the topic's kind would, without a query; it is
            called after the flush. Without it the hub reads the event from the log.
        at: When it happened, if the row says so too; else the unit's clock does.
        out: Members who may read nothing after this event.
        check: Members whose reach may have changed, or ``"all"``.
    """
    unit = current()
    kind = split_topic(topic)
    if kind is not None and event not in topic_kinds()[kind[0]].events:
        message = f"{event} is not declared for {kind[0]}"
        raise ValueError(message)
    head = unit.next_seq(topic)
    by = actor.pk if actor is not None else None
    access = {k: v for k, v in (("out", list(out)), ("check", check)) if v} or None
    row = Event(
        topic_id=head.id,
        seq=head.seq,
        event=event,
        at=at or unit.clock(),
        by_id=by,
        key=unit.job.key if unit.job and unit.job.actor_id == by else None,
        data=msgspec.to_builtins(data),
        access=access,
    )
    unit.events.append(_Pending(row, topic, subject, fresh))
    return head.seq


def add(row: Row, **parents: Model) -> Row:
    """Insert a row when the unit is flushed, together with its like; its id is known then.

    Args:
        row: A new row.
        parents: Rows that it refers to, by field, which wait for their ids as well; those are
            inserted first, so they have no such parents themselves.
    """
    unit = current()
    unit.rows.append(row)
    unit.children += [(row, name, parent) for name, parent in parents.items()]
    return row


def _insert_alike(rows: Sequence[Model]) -> None:
    by_model: dict[type[Model], list[Model]] = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row)
    for alike in by_model.values():
        insert(alike)


def remember(key: Any, find: Callable[[], Found]) -> Found:
    """What ``find`` gives, asked once per unit as long as no job wrote anything but new rows.

    For facts that the locked topic guards, such as who may post in a channel.
    """
    memory = current().memory
    if key not in memory:
        memory[key] = find()
    found: Found = memory[key]
    return found


@contextmanager
def entered(opened: Unit) -> Iterator[Unit]:
    """Make this the unit that is open in this thread."""
    token = _current.set(opened)
    try:
        yield opened
    finally:
        _current.reset(token)


@contextmanager
def unit() -> Iterator[Unit]:
    """A unit for writes of the system: jobs, commands of the operator, demo data."""
    with transaction.atomic(), entered(Unit()) as opened:
        yield opened
        opened.flush()
