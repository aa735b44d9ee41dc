"""Delays double up to a bound, attempts are counted, final refusals are final."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import NotFound, TooMany
from jobs.retrying import ONCE, RetryPolicy, policy_of
from tests.jobs import sample

POLICY = RetryPolicy(4, first_delay=timedelta(seconds=10), longest_delay=timedelta(seconds=60))


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 10), (2, 20), (3, 40), (4, 60), (5, 60), (10_000, 60)]
)
def test_the_delay_doubles_up_to_the_longest(attempt: int, seconds: int) -> None:
    assert POLICY.delay_after(attempt) == timedelta(seconds=seconds)


@given(st.integers(1, 10**9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_delay_is_longer_than_the_longest(attempt: int, first_s: int, longest_s: int) -> None:
    policy = RetryPolicy(9, timedelta(seconds=first_s), timedelta(seconds=longest_s))
    assert timedelta(0) <= policy.delay_after(attempt) <= timedelta(seconds=longest_s)
    assert policy.delay_after(attempt) <= policy.delay_after(attempt + 1)


@pytest.mark.parametrize(
    ("attempt", "error", "allowed"),
    [
        (1, OSError(), True),
        (3, OSError(), True),
        (4, OSError(), False),
        (1, SystemExit(), True),
        (1, NotFound(), False),
        (1, TooMany(), True),
        (4, TooMany(), False),
    ],
)
def test_attempts_end_and_final_refusals_are_final(
    attempt: int, error: BaseException, *, allowed: bool
) -> None:
    assert POLICY.allows_another(attempt, error) is allowed


def test_a_task_has_the_policy_that_stands_below_it() -> None:
    assert policy_of(sample.note.func) == ONCE
    assert policy_of(sample.fail_thrice.func) == RetryPolicy(
        attempts=3, first_delay=timedelta(seconds=10), longest_delay=timedelta(hours=1)
    )
