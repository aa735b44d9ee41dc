"""Token buckets: bursts, refills, and who is remembered."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from live.limits import Bucket, Buckets


def bucket(per_s: float, burst: float) -> Bucket:
    """A full bucket whose clock stands at 0."""
    made = Bucket(per_s, burst)
    made.at = 0.0
    return made


def test_burst_then_the_sustained_rate() -> None:
    allowed = bucket(10, 3)
    assert [allowed.take(now=0.0) for _ in range(4)] == [True, True, True, False]
    assert [allowed.take(now=0.1) for _ in range(2)] == [True, False]
    assert [allowed.take(now=60.0) for _ in range(4)] == [True, True, True, False]


def test_several_at_once_are_taken_whole_or_not_at_all() -> None:
    allowed = bucket(40, 400)
    assert [allowed.take(count, now=0.0) for count in (300, 101, 100, 1)] == [
        True,
        False,
        True,
        False,
    ]
    assert allowed.take(400, now=9.9) is False
    assert allowed.take(400, now=10.0) is True


def test_what_was_taken_for_nothing_comes_back_up_to_the_burst() -> None:
    allowed = bucket(1, 2)
    assert allowed.take(now=0.0) is True
    allowed.give_back()
    allowed.give_back(5)
    assert [allowed.take(now=0.0) for _ in range(3)] == [True, True, False]


@given(st.lists(st.floats(0, 2), max_size=60))
def test_never_more_than_burst_and_rate_allow(pauses: list[float]) -> None:
    allowed, moment, taken = bucket(5, 10), 0.0, 0
    for pause in pauses:
        moment += pause
        taken += allowed.take(now=moment)
    assert taken <= 10 + 5 * moment + 1e-6


def test_members_have_an_allowance_each(settings: Any) -> None:
    settings.LIVE = {"writes_per_s": 0.001, "burst": 2}
    members = Buckets()
    assert [members.take(1) for _ in range(3)] == [True, True, False]
    assert members.take(2) is True
    members.give_back(1)
    assert [members.take(1) for _ in range(2)] == [True, False]


def test_full_buckets_are_forgotten_and_empty_ones_are_not(settings: Any) -> None:
    settings.LIVE = {"writes_per_s": 1_000_000, "burst": 1}
    members = Buckets()
    for member in range(Buckets.KEPT - 1):
        members.take(member)
    settings.LIVE = {"writes_per_s": 0.001, "burst": 1}
    assert members.take(-1) is True
    assert members.take(-2) is True
    assert len(members._buckets) == 2
    assert members.take(-1) is False
