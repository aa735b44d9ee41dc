"""A periodic job runs once across threads and processes, and again when its holder died."""

import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import DjangoAssertNumQueries

from jobs.models import Lease
from jobs.periodic import (
    DEFAULT_LEASE,
    PeriodicJob,
    add_missing_leases,
    claim,
    periodic,
    run_due_jobs,
)
from tests.jobs.conftest import Child, Clock

HOUR = timedelta(hours=1)


def declared(run: Callable[[], object] = list) -> PeriodicJob:
    """A job that is due every hour, with its lease."""
    periodic(name="tests.job", every=HOUR)(run)
    add_missing_leases()
    return PeriodicJob("tests.job", HOUR, DEFAULT_LEASE, run)


def test_a_name_is_given_once() -> None:
    declare = periodic(name="tests.twice", every=HOUR)
    assert declare(list) is list
    with pytest.raises(ValueError, match=r"two periodic jobs called tests\.twice"):
        declare(dict)


@pytest.mark.django_db
def test_a_job_is_due_at_once_and_then_every_so_often(at: Clock) -> None:
    runs = []
    declared(lambda: runs.append(at()))
    start = at()
    assert run_due_jobs("a") == ["tests.job"]
    at.forward(minutes=59)
    assert run_due_jobs("a") == []
    at.forward(minutes=1)
    assert run_due_jobs("b") == ["tests.job"]
    at.forward(days=3)
    assert run_due_jobs("b") == ["tests.job"]
    assert run_due_jobs("b") == []
    assert runs == [start, start + HOUR, start + timedelta(days=3, hours=1)]


@pytest.mark.django_db
def test_a_run_that_takes_long_does_not_move_the_next(at: Clock) -> None:
    declared(lambda: at.forward(minutes=5))
    start = at()
    run_due_jobs("a")
    lease = Lease.objects.get()
    assert (lease.started_at, lease.finished_at) == (start, start + timedelta(minutes=5))
    assert (lease.due_at, lease.held_until, lease.failures) == (start + HOUR, None, 0)


@pytest.mark.django_db
def test_looking_for_due_jobs_is_one_query(
    at: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    declared()
    run_due_jobs("a")
    with django_assert_num_queries(1):
        run_due_jobs("a")
    with django_assert_num_queries(1):
        add_missing_leases()


@pytest.mark.django_db
def test_a_failed_job_comes_again_soon_and_others_still_run(at: Clock) -> None:
    def fail() -> None:
        raise ValueError

    declared(fail)
    runs = []
    periodic(name="tests.other", every=HOUR)(lambda: runs.append(1))
    add_missing_leases()
    assert sorted(run_due_jobs("a")) == ["tests.job", "tests.other"]
    assert runs == [1]
    waits = []
    for _attempt in range(8):
        lease = Lease.objects.get(name="tests.job")
        waits.append(lease.due_at - at())
        at.moment = lease.due_at
        assert "tests.job" in run_due_jobs("a")
    minutes = [1, 2, 4, 8, 16, 32, 60, 60]
    assert waits == [timedelta(minutes=each) for each in minutes]
    assert Lease.objects.get(name="tests.job").failures == 9


@pytest.mark.django_db
def test_a_held_job_is_run_by_nobody_else_until_the_lease_ends(at: Clock) -> None:
    job = declared()
    assert claim(job, "died") is True
    assert claim(job, "other") is False
    at.moment += DEFAULT_LEASE - timedelta(microseconds=1)
    assert run_due_jobs("other") == []
    at.moment += timedelta(microseconds=1)
    assert run_due_jobs("other") == ["tests.job"]
    assert Lease.objects.get().holder == "other"


@pytest.mark.django_db
def test_who_outlasts_the_lease_does_not_end_that_of_another(at: Clock) -> None:
    def run_too_long() -> None:
        at.moment += DEFAULT_LEASE
        assert claim(job, "other") is True

    job = declared(run_too_long)
    assert run_due_jobs("slow") == ["tests.job"]
    lease = Lease.objects.get()
    assert (lease.holder, lease.held_until) == ("other", at() + DEFAULT_LEASE)


@pytest.mark.django_db
def test_a_job_that_the_code_no_longer_has_is_left_alone(at: Clock) -> None:
    Lease.objects.create(name="tests.gone", due_at=at())
    assert run_due_jobs("a") == []


@pytest.mark.django_db(transaction=True)
def test_of_many_threads_one_gets_the_job() -> None:
    job = declared()
    barrier = threading.Barrier(6)

    def race(number: int) -> bool:
        barrier.wait(10)
        try:
            return claim(job, f"thread-{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        for _round in range(5):
            Lease.objects.update(held_until=None)
            assert sorted(pool.map(race, range(6))) == [False] * 5 + [True]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_several_processes_one_runs_the_job(
    child: Callable[[str], Child], tmp_path: Path
) -> None:
    declared()
    children = [child("mark") for _each in range(3)]
    for process in children:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait(20) for process in children] == [0, 0, 0]
    assert len((tmp_path / "marks").read_text().splitlines()) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_survives_the_death_of_the_process_that_ran_it(
    child: Callable[[str], Child], at: Clock
) -> None:
    runs = []
    declared(lambda: runs.append(1))
    Lease.objects.update(due_at="2020-01-01T00:00Z")
    process = child("hang")
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    lease = Lease.objects.get()
    assert lease.held_until is not None
    assert lease.holder == f"child-{process.pid}"
    at.moment = lease.held_until - timedelta(seconds=1)
    assert run_due_jobs("other") == []
    at.moment = lease.held_until
    assert run_due_jobs("other") == ["tests.job"]
    assert runs == [1]
