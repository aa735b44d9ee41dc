"""A kind of topic of the tests' own, whose commands fail in every way that a command can."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import pytest

from base.errors import Conflict
from base.ids import new_key
from chat.models import Channel
from live.models import Event, Topic
from live.performing import make_job, run_jobs
from live.registry import Command, EventData, Reach, TopicKind, Written, _commands, _kinds
from live.units import Job, append
from members.models import Member
from tests import factories


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What every command of the tests takes."""

    text: str = ""


class Noted(EventData, frozen=True, kw_only=True):
    """What every event of the tests says."""

    text: str


def _note(actor: Member, number: int, data: Note) -> Written:
    """Write a row, append an event."""
    row = Channel.objects.create(name=data.text)
    append(topic=f"note:{number}", event="noted", actor=actor, data={"text": data.text})
    return Written(row)


def _refuse_first(_actor: Member, _number: int, _data: Note) -> Written:
    raise Conflict(code="note.refused")


def _refuse_late(actor: Member, number: int, data: Note) -> Written:
    _note(actor, number, data)
    raise Conflict(code="note.refused")


def _break(actor: Member, number: int, data: Note) -> Written:
    _note(actor, number, data)
    raise ZeroDivisionError


def _break_database(actor: Member, number: int, data: Note) -> Written:
    _note(actor, number, data)
    Topic.objects.create(name=f"note:{number}")  # there is one of that name
    return Written()


def _elsewhere(actor: Member, number: int, data: Note) -> Written:
    """Say it on two topics; the reply names the other one."""
    append(topic=f"note:{number}", event="noted", actor=actor, data={"text": data.text})
    append(topic=f"note:{number + 1}", event="noted", actor=actor, data={"text": data.text})
    return Written(topic=f"note:{number + 1}")


def _reach(actor: Member, ids: Collection[int]) -> Mapping[int, Reach]:
    return {number: Reach(can=("note",)) for number in ids}


def _readers(number: int, ids: Collection[int]) -> Mapping[int, Reach]:
    return {member: Reach(can=("note",)) for member in ids}


def _present(events: Sequence[Event]) -> Sequence[Any]:
    return [event.data for event in events]


RUNS = (_note, _refuse_first, _refuse_late, _break, _break_database, _elsewhere)


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers the kind ``note`` for this test."""
    kind = TopicKind(
        name="note",
        reach=_reach,
        readers=_readers,
        snapshot=lambda actor, number: {},
        present=_present,
        events={"noted": Noted},
    )
    monkeypatch.setitem(_kinds, "note", kind)
    for run in RUNS:
        name = run.__name__.strip("_")
        monkeypatch.setitem(_commands, ("note", name), Command(name, "note", Note, run))


Run = Callable[..., list[str]]


@pytest.fixture
def run(notes: None, db: None) -> Run:
    """``run(actor, "note a", "break b", …)`` in one batch; the outcomes, ``ok`` with the seq."""

    def batch(
        actor: Member, *wishes: str, keys: Sequence[UUID] = (), topic: str = "note:1"
    ) -> list[str]:
        jobs: list[Job] = []
        for place, wish in enumerate(wishes):
            cmd, _, text = wish.partition(" ")
            key = keys[place] if keys else new_key()
            jobs.append(
                make_job(actor_id=actor.pk, cmd=cmd, topic=topic, data=Note(text=text), key=key)
            )
        run_jobs(jobs)
        return [outcome(job) for job in jobs]

    return batch


def outcome(job: Job) -> str:
    """``ok 3``, ``again 3``, or the code of its refusal."""
    assert (job.reply is None) != (job.refusal is None)
    if job.reply is None:
        assert job.refusal is not None
        return job.refusal.code
    return f"{'again' if job.reply.get('replayed') else 'ok'} {job.reply['seq']}"


def log() -> list[tuple[str, int, str]]:
    """Topic, seq and text of every event of the tests' own."""
    rows = Event.objects.filter(event="noted").order_by("topic__name", "seq")
    return [(r.topic.name, r.seq, dict(r.data or {})["text"]) for r in rows.select_related("topic")]


def names() -> list[str]:
    """The rows that the commands wrote."""
    return list(Channel.objects.order_by("id").values_list("name", flat=True))


def heads() -> dict[str, int]:
    """Heads of the topics."""
    return dict(Topic.objects.values_list("name", "seq"))


@pytest.fixture
def actor(db: None) -> Member:
    """Somebody who writes."""
    return factories.member()
