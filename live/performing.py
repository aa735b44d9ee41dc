"""Doing writes: jobs by key, in order, those that wait together in one transaction.

Invariants: a key is used once, whoever repeats it gets the first reply; events, keys and rows of a
job stand or fall together. At first jobs share their transaction without savepoints, which is
cheap; when one of them fails after it wrote, the transaction is rolled back and the jobs run again
with a savepoint each, so that the failure is that job's alone.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec
import structlog
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils.translation import gettext_lazy as _

from base.errors import Internal, KeyReused, NotFound, Refusal, TooMany, Unavailable
from base.ids import new_key
from live.limits import writes
from live.models import WriteKey
from live.registry import Written, find_command, load_actors, topic_kinds
from live.rows import fetch
from live.units import Job, Unit, entered

TRIES = 4
_logger = structlog.get_logger("live.performing")


class _NeedsCareError(Exception):
    """A job failed after it wrote; the transaction must run again with savepoints."""


def body_digest(cmd: str, topic: str, data: Any) -> bytes:
    """16 bytes that stand for a write's body: command, topic and validated data."""
    body = msgspec.json.encode([cmd, topic, data], order="sorted")
    return hashlib.blake2b(body, digest_size=16).digest()


def make_job(
    *, actor_id: int, cmd: str, topic: str, data: msgspec.Struct, key: uuid.UUID | None
) -> Job:
    """A job for a command whose data is already validated; its text is not yet prepared.

    Raises:
        NotFound: no such kind of topic.
        Unknown: no such command there.
    """
    command, number = find_command(cmd, topic)
    digest = body_digest(cmd, topic, data)
    return Job(actor_id, command, topic, number, data, key or new_key(), digest)


def perform(
    *, actor: Any, cmd: str, topic: str, data: msgspec.Struct, key: uuid.UUID | None = None
) -> dict[str, Any]:
    """Do one write now, in this thread: what pages and REST call.

    Without a key it gets one of its own, so a retry inside the server stays one write.

    Returns:
        The ``ok`` object: ``topic``, ``seq``, ``id`` where the command names a row, and
        ``replayed`` where the key was used before.

    Raises:
        Refusal: as the action says; nothing was written.
    """
    job = make_job(actor_id=actor.pk, cmd=cmd, topic=topic, data=data, key=key)
    if job.command.prepare:
        job.data = job.command.prepare(job.data)
    job.limited = not writes.take(job.actor_id)
    run_jobs([job])
    if job.refusal is not None:
        raise job.refusal
    if job.reply and job.reply.get("replayed"):
        writes.give_back(job.actor_id)
    return job.reply or {}


def perform_form(
    *, actor: Any, cmd: str, topic: str, data: msgspec.Struct, key: uuid.UUID | None
) -> dict[str, Any]:
    """Do one write of a page's form, as :func:`perform`; a second press of it is the same write.

    Raises:
        KeyReused: somebody went back to the page and sent its form with something else in it. The
            page that says so carries a new key, with which the next press is a write of its own.
    """
    try:
        return perform(actor=actor, cmd=cmd, topic=topic, data=data, key=key)
    except KeyReused as refusal:
        raise KeyReused(
            detail=_(
                "This page was sent before with something else in it. If you mean this too, press "
                "once more."
            )
        ) from refusal


def run_jobs(jobs: Sequence[Job]) -> None:
    """Run jobs in order in one transaction; each has its reply or its refusal afterwards.

    Never raises: a database that is away refuses all of them with ``unavailable``. A commit
    whose outcome is unknown is tried again, which is safe since every job has a key.
    """
    careful, ahead = False, set[str]()
    for attempt in range(TRIES):
        opened = Unit()
        for job in jobs:
            job.reply = job.refusal = None
        try:
            _transact(opened, jobs, ahead, careful=careful)
        except _NeedsCareError:
            careful = True
        except IntegrityError:
            # Two processes made the same topic or used the same key; the second look finds it.
            careful = careful or attempt > 0
            if attempt == TRIES - 1:
                _logger.exception("write failed", jobs=len(jobs))
        except (OperationalError, InterfaceError) as error:
            _logger.warning("database", error=str(error).strip(), attempt=attempt)
            # Two who wait for each other's topics: the next time all of them come first, in order.
            ahead |= opened.asked
            if not connection.in_atomic_block:
                connection.close()
            if attempt > 0 and not _is_deadlock(error):
                break
        else:
            return
    for job in jobs:
        job.reply, job.refusal = None, Unavailable()


def _is_deadlock(error: Exception) -> bool:
    return getattr(error.__cause__, "sqlstate", "") in {"40P01", "40001"}


def _transact(opened: Unit, jobs: Sequence[Job], ahead: Collection[str], *, careful: bool) -> None:
    with (
        entered(opened),
        transaction.atomic(),
        connection.execute_wrapper(_note_writes(opened)),
    ):
        opened.lock([*(job.topic for job in jobs if job.topic), *_concerned(jobs), *ahead])
        used = _used_keys(jobs)
        actors = load_actors({job.actor_id for job in jobs})
        _foresee(opened, jobs, actors)
        opened.wrote = False
        for job in jobs:
            _run(opened, job, actors, used, careful=careful)
        opened.job = None
        opened.flush()


def _concerned(jobs: Sequence[Job]) -> list[str]:
    """The topics of others on which these jobs will say something, as far as they know."""
    asked = [(job.command.concerns, job.data) for job in jobs]
    return [name for concerns, data in asked if concerns for name in concerns(data)]


def _note_writes(opened: Unit) -> Callable[..., Any]:
    """An execute wrapper that notes every statement that is not a read."""

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        if not str(sql).startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            opened.wrote = True
            opened.memory.clear()
        return execute(sql, params, many, context)

    return wrapper


def _used_keys(jobs: Sequence[Job]) -> dict[tuple[int, uuid.UUID], tuple[bytes, Any]]:
    """Digest and reply by member and key, of those keys that were used before. One query."""
    wanted = list({(job.actor_id, job.key) for job in jobs})
    return {
        (row.member_id, row.key): (bytes(row.digest), row.reply)
        for row in fetch(WriteKey, ("member_id", "key"), wanted)
    }


def _foresee(opened: Unit, jobs: Sequence[Job], actors: Mapping[int, Any]) -> None:
    """Have the kinds of topics ask for all jobs together what their actions will need."""
    by_kind: dict[str, set[tuple[Any, int]]] = defaultdict(set)
    for job in jobs:
        if job.actor_id in actors:
            by_kind[job.command.kind].add((actors[job.actor_id], job.number))
    for name, pairs in by_kind.items():
        kind = topic_kinds().get(name)
        if kind is not None and kind.foresee is not None:
            opened.memory |= kind.foresee(pairs)


def _run(
    opened: Unit,
    job: Job,
    actors: Mapping[int, Any],
    used: dict[tuple[int, uuid.UUID], tuple[bytes, Any]],
    *,
    careful: bool,
) -> None:
    """Run one job of the batch; sets its refusal, or notes what its reply is made of."""
    place = (job.actor_id, job.key)
    if place in used:
        _replay(opened, job, *used[place])
        return
    if job.limited:
        job.refusal = TooMany()
        return
    events, rows, heads = len(opened.events), len(opened.rows), len(opened.heads)
    opened.job, opened.wrote = job, False
    try:
        written = _act(job, actors.get(job.actor_id), careful=careful)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Without a savepoint, what a job wrote before it failed can only go with everything.
        if not careful and (opened.wrote or isinstance(error, DatabaseError)):
            raise _NeedsCareError from error
        opened.undo(events, rows, heads)
        if not isinstance(error, Refusal):
            _logger.exception("command failed", cmd=job.command.name, topic=job.topic)
        job.refusal = error if isinstance(error, Refusal) else Internal()
    else:
        opened.keys.append((job, written, _reply_seq(opened, job, written, events)))
        used[place] = (job.digest, job)


def _act(job: Job, actor: Any, *, careful: bool) -> Written | None:
    """Call the job's action.

    Raises:
        NotFound: the member was suspended or erased between sending and writing.
        Refusal: as the action says.
    """
    if actor is None or not actor.is_active:
        raise NotFound
    if not careful:
        return job.command.run(actor, job.number, job.data)
    with transaction.atomic():
        return job.command.run(actor, job.number, job.data)


def _replay(opened: Unit, job: Job, digest: bytes, first: Any) -> None:
    """Answer a job whose key was used before: by a kept reply, or by a job of this batch."""
    if digest != job.digest:
        job.refusal = KeyReused()
    elif isinstance(first, Job):
        opened.replays.append((job, first))
    else:
        job.reply = first | {"replayed": True}


def _reply_seq(opened: Unit, job: Job, written: Written | None, events: int) -> int:
    """The ``seq`` of the job's first event on the topic that it answers for, else its head."""
    topic = (written.topic if written else None) or job.topic
    for pending in opened.events[events:]:
        if pending.topic == topic:
            return pending.row.seq
    return opened.head(topic)
