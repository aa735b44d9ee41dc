"""A follower deals with every event once in order, whatever breaks, and costs the idle nothing."""

from collections.abc import Sequence

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from jobs import following as module
from jobs.following import Change, following
from jobs.models import Cursor, Lease
from jobs.periodic import add_missing_leases, run_due_jobs
from live.models import Event, Topic
from tests.jobs.conftest import Clock

pytestmark = pytest.mark.django_db


def happen(topic: str, *names: str) -> None:
    """Those events, one after the other, in a topic's log."""
    row, _ = Topic.objects.get_or_create(name=topic)
    for name in names:
        row.seq += 1
        Event.objects.create(topic=row, seq=row.seq, event=name, subject=row.seq * 10)
    row.save()


def follow(**options: object) -> list[tuple[str, int, str]]:
    """Declares a follower; what it saw is in the list."""
    seen: list[tuple[str, int, str]] = []

    def handle(changes: Sequence[Change]) -> None:
        seen.extend((each.topic, each.seq, each.event) for each in changes)

    values = {"kinds": ["note"], "events": ["made", "ended"]} | options
    following(name="tests.follower", **values)(handle)  # type: ignore[arg-type]
    add_missing_leases()
    return seen


def test_each_wanted_event_comes_once_in_order(at: Clock) -> None:
    happen("note:1", "made", "seen", "ended")
    happen("other:1", "made")
    seen = follow()
    assert run_due_jobs("a") == ["tests.follower"]
    assert seen == [("note:1", 1, "made"), ("note:1", 3, "ended")]
    happen("note:1", "made")
    happen("note:2", "made")
    at.forward(seconds=1)
    run_due_jobs("a")
    assert seen[2:] == [("note:1", 4, "made"), ("note:2", 1, "made")]


def test_an_idle_follower_costs_one_read(
    at: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    happen("note:1", "made")
    follow()
    run_due_jobs("a")
    at.forward(seconds=1)
    before = list(Lease.objects.values())
    with django_assert_num_queries(2):
        assert run_due_jobs("a") == []
    assert list(Lease.objects.values()) == before


def test_large_news_come_in_batches_and_all_of_them(
    at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 3)
    for number in range(1, 5):
        happen(f"note:{number}", *["made"] * 7)
    seen = follow()
    run_due_jobs("a")
    assert sorted(seen) == [(f"note:{n}", seq, "made") for n in range(1, 5) for seq in range(1, 8)]
    assert [seq for topic, seq, _ in seen if topic == "note:2"] == list(range(1, 8))


def test_a_batch_that_fails_comes_again_whole(at: Clock) -> None:
    happen("note:1", "made", "made")
    seen: list[int] = []

    def handle(changes: Sequence[Change]) -> None:
        seen.extend(each.seq for each in changes)
        if len(seen) == 2:
            raise ConnectionError

    following(name="tests.follower", kinds=["note"], events=["made"])(handle)
    add_missing_leases()
    run_due_jobs("a")
    assert (seen, Cursor.objects.count()) == ([1, 2], 0)
    at.forward(seconds=1)
    run_due_jobs("a")
    assert seen == [1, 2, 1, 2]
    assert Cursor.objects.get().seq == 2


def test_a_follower_from_now_passes_over_the_past_alone(at: Clock) -> None:
    happen("note:1", "made")
    seen = follow(from_now=True)
    run_due_jobs("a")
    assert seen == []
    happen("note:1", "made")
    happen("note:2", "made")
    at.forward(seconds=1)
    run_due_jobs("a")
    assert seen == [("note:1", 2, "made"), ("note:2", 1, "made")]


def test_a_follower_begins_even_where_nothing_has_happened(at: Clock) -> None:
    seen = follow(from_now=True)
    run_due_jobs("a")
    happen("note:1", "made")
    at.forward(seconds=1)
    run_due_jobs("a")
    assert seen == [("note:1", 1, "made")]


def test_what_was_trimmed_away_unseen_is_told(at: Clock) -> None:
    happen("note:1", *["made"] * 5)
    Event.objects.filter(seq__lt=4).delete()
    Topic.objects.update(first_seq=4)
    gaps: list[str] = []
    seen = follow(on_gap=gaps.append)
    run_due_jobs("a")
    assert (gaps, [seq for _, seq, _ in seen]) == (["note:1"], [4, 5])
    happen("note:1", "made")
    at.forward(seconds=1)
    run_due_jobs("a")
    assert gaps == ["note:1"]
