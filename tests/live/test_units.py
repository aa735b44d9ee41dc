"""Units: jobs share a transaction and stand or fall alone; numbers without a gap; keys."""

from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.errors import Unknown
from base.ids import new_key
from chat.models import Channel
from live import announce
from live.models import Topic, WriteKey
from live.performing import TRIES, body_digest, make_job, run_jobs
from live.registry import Command, Written, _commands
from live.units import append, current, unit
from members.models import Member
from tests import factories
from tests.live.conftest import Note, Run, heads, log, names

BAD = ("refuse_first", "refuse_late", "break", "break_database")
CODES = {"refuse_first": "note.refused", "refuse_late": "note.refused"}


def test_jobs_of_a_batch_get_places_in_their_order(run: Run, actor: Member) -> None:
    assert run(actor, "note a", "note b", "note c") == ["ok 1", "ok 2", "ok 3"]
    assert run(actor, "note d") == ["ok 4"]
    assert log() == [("note:1", n + 1, text) for n, text in enumerate("abcd")]
    assert heads() == {"note:1": 4}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_failure_is_that_job_s_alone(run: Run, actor: Member, bad: str, place: int) -> None:
    wishes = ["note a", "note b"]
    wishes.insert(place, f"{bad} x")
    wanted = ["ok 1", "ok 2"]
    wanted.insert(place, CODES.get(bad, "internal"))
    assert run(actor, *wishes) == wanted
    assert log() == [("note:1", 1, "a"), ("note:1", 2, "b")]
    assert names() == ["a", "b"]
    assert WriteKey.objects.count() == 2


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    wishes=st.lists(
        st.tuples(st.sampled_from(["note", "note", *BAD]), st.integers(0, 3)), max_size=9
    )
)
def test_any_batch_is_as_its_jobs_one_by_one(
    run: Run, actor: Member, wishes: list[tuple[str, int]]
) -> None:
    """Jobs with few keys between them: one after the other or together, the same comes out."""
    batched, single = 2 * new_key().int % 10**9 + 10, 2 * new_key().int % 10**9 + 11
    keys = {number: [new_key() for _ in range(4)] for number in (batched, single)}
    texts = [f"{cmd} {key}" for cmd, key in wishes]

    def known(number: int) -> list[UUID]:
        return [keys[number][key] for _, key in wishes]

    before = len(names())
    together = run(actor, *texts, keys=known(batched), topic=f"note:{batched}")
    written = names()[before:]
    one_by_one = [
        run(actor, text, keys=[key], topic=f"note:{single}")[0]
        for text, key in zip(texts, known(single), strict=True)
    ]
    assert together == one_by_one
    assert names()[before:] == written * 2
    of = [[row[1:] for row in log() if row[0] == f"note:{n}"] for n in (batched, single)]
    assert of[0] == of[1]
    assert [seq for seq, _ in of[0]] == list(range(1, len(of[0]) + 1))


def test_same_key_in_one_batch_is_one_write(run: Run, actor: Member) -> None:
    key = new_key()
    same = run(actor, "note a", "note a", "note b", keys=[key, key, key])
    assert same == ["ok 1", "again 1", "key.reused"]
    assert run(actor, "note a", keys=[key]) == ["again 1"]
    assert run(actor, "note a", keys=[key], topic="note:2") == ["key.reused"]
    assert log() == [("note:1", 1, "a")]


def test_key_of_a_failure_is_free_again(run: Run, actor: Member) -> None:
    key = new_key()
    assert run(actor, "refuse_late a", keys=[key]) == ["note.refused"]
    assert run(actor, "break a", "note a", keys=[key, key]) == ["internal", "ok 1"]


def test_key_belongs_to_its_member(run: Run, actor: Member) -> None:
    key = new_key()
    assert run(actor, "note a", keys=[key]) == ["ok 1"]
    assert run(factories.member(), "note a", keys=[key]) == ["ok 2"]


def test_replay_comes_before_rate_and_standing(run: Run, actor: Member, notes: None) -> None:
    key = new_key()
    run(actor, "note a", keys=[key])

    def limited(key: UUID) -> Any:
        job = make_job(actor_id=actor.pk, cmd="note", topic="note:1", data=Note(text="a"), key=key)
        job.limited = True
        run_jobs([job])
        return job.reply or (job.refusal and job.refusal.code)

    assert limited(key)["replayed"] is True
    assert limited(new_key()) == "rate.limited"
    assert log() == [("note:1", 1, "a")]


def test_whoever_may_not_sign_in_writes_nothing(run: Run, actor: Member) -> None:
    Member.objects.filter(pk=actor.pk).update(is_active=False)
    assert run(actor, "note a") == ["not_found"]
    assert (log(), WriteKey.objects.count()) == ([], 0)


def test_reply_names_the_topic_that_the_action_chose(run: Run, actor: Member) -> None:
    assert run(actor, "note a", topic="note:2") == ["ok 1"]
    assert run(actor, "elsewhere b", topic="note:1") == ["ok 2"]
    assert heads() == {"note:1": 1, "note:2": 2}


def test_reply_names_the_row(notes: None, actor: Member) -> None:
    job = make_job(actor_id=actor.pk, cmd="note", topic="note:7", data=Note(text="a"), key=None)
    run_jobs([job])
    assert job.reply == {"topic": "note:7", "seq": 1, "id": Channel.objects.get().pk}


def test_command_of_another_kind_does_not_exist(notes: None, actor: Member) -> None:
    with pytest.raises(Unknown):
        make_job(actor_id=actor.pk, cmd="note", topic="chat:1", data=Note(), key=None)


def test_system_writes_without_a_member_or_key(notes: None, db: None) -> None:
    with unit():
        append(topic="note:1", event="noted", data={"text": "a"})

    def fail() -> None:
        with unit():
            append(topic="note:1", event="noted", data={"text": "b"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert log() == [("note:1", 1, "a")]


def test_append_needs_a_unit_and_a_declared_event(notes: None, db: None) -> None:
    with pytest.raises(RuntimeError):
        append(topic="note:1", event="noted")
    with unit(), pytest.raises(ValueError, match="not declared"):
        append(topic="note:1", event="no.such")
    with pytest.raises(RuntimeError):
        current()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_before_the_commit_nor_of_what_failed(
    notes: None, transactional_db: None
) -> None:
    """When the listener hears of an event, another connection reads it."""
    told: list[list[tuple[str, int, int]]] = []
    actor = factories.member()

    def listen(facts: Any) -> None:
        from django.db import connection

        assert not connection.in_atomic_block
        known = dict(Topic.objects.values_list("name", "seq"))
        told.append([(fact.topic, fact.seq, known[fact.topic]) for fact in facts])

    stop = announce.listen(listen)
    try:
        for cmd in ("note", *BAD, "elsewhere"):
            job = make_job(
                actor_id=actor.pk, cmd=cmd, topic="note:1", data=Note(text=cmd), key=None
            )
            run_jobs([job])
    finally:
        stop()
    assert told == [[("note:1", 1, 1)], [("note:1", 2, 2), ("note:2", 1, 1)]]


def test_digest_is_of_the_body_alone() -> None:
    one = body_digest("note", "note:1", Note(text="a"))
    assert len(one) == 16
    assert one == body_digest("note", "note:1", Note(text="a"))
    others = [
        body_digest("note", "note:1", Note(text="b")),
        body_digest("note", "note:2", Note(text="a")),
        body_digest("break", "note:1", Note(text="a")),
    ]
    assert len({one, *others}) == 4


class DeadlockError(Exception):
    """What psycopg says when two wait for each other."""

    sqlstate = "40P01"


@pytest.fixture
def met(notes: None, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Registers ``meet``, which concerns other topics than it says: one more at each try.

    Its data names the try that succeeds; before, two wait for each other, or (``cut 3``) the line
    breaks. Returns which topics each try held when the job began, in the order of their locking.
    """
    held: list[list[str]] = []

    def meet(actor: Member, number: int, data: Note) -> Written:
        held.append(list(current().heads))
        cause, _, last = data.text.partition(" ")
        append(topic=f"note:{number}", event="noted", actor=actor, data={"text": "own"})
        for other in range(number - 1, number - 1 - len(held), -1):
            append(topic=f"note:{other}", event="noted", actor=actor, data={"text": "met"})
        if len(held) < int(last):
            raise OperationalError from (DeadlockError() if cause == "deadlock" else None)
        return Written()

    monkeypatch.setitem(_commands, ("note", "meet"), Command("meet", "note", Note, meet))
    return held


def test_whom_a_job_turned_out_to_concern_it_locks_first_the_next_time(
    run: Run, actor: Member, met: list[list[str]]
) -> None:
    """In name order, whatever the order in which they were met, and all that were met so far."""
    for number in range(6, 10):
        run(actor, "note a", topic=f"note:{number}")
    # Whoever waits with it is done again as well, and stands once.
    batch = ("note b", "meet deadlock 3", "note c")
    assert run(actor, *batch, topic="note:9") == ["ok 2", "ok 3", "ok 4"]
    assert met == [
        ["note:9"],
        ["note:8", "note:9"],
        ["note:7", "note:8", "note:9"],
    ]
    assert log() == [
        *(("note:6", *said) for said in ((1, "a"), (2, "met"))),
        *(("note:7", *said) for said in ((1, "a"), (2, "met"))),
        *(("note:8", *said) for said in ((1, "a"), (2, "met"))),
        *(("note:9", *said) for said in ((1, "a"), (2, "b"), (3, "own"), (4, "c"))),
    ]
    assert heads() == {"note:6": 2, "note:7": 2, "note:8": 2, "note:9": 4}


@pytest.mark.parametrize(("cause", "tries"), [("deadlock", TRIES), ("cut", 2)])
def test_whoever_waits_for_others_too_often_is_refused_for_now(
    run: Run, actor: Member, met: list[list[str]], cause: str, tries: int
) -> None:
    assert run(actor, f"meet {cause} 99", topic="note:9") == ["unavailable"]
    assert (len(met), log(), WriteKey.objects.count()) == (tries, [], 0)
