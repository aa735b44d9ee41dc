"""Periodic jobs: declared by a decorator, run once across all processes.

A worker runs a job only while it holds the job's lease, which it gets by one conditional UPDATE:
of several that try, one row count is 1. A holder that dies keeps the lease until it ends; then
any worker runs the job. A job must end within its lease, or another worker may begin it as well.
Runs that were missed while no worker was there are not made up for.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

import structlog

from base import clock
from jobs import metrics
from jobs.models import Lease
from jobs.retrying import RetryPolicy

log = structlog.get_logger(__name__)

F = TypeVar("F", bound=Callable[[], object])

DEFAULT_LEASE: Final = timedelta(minutes=10)
RARE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A job that is due every so often.

    Attributes:
        every: from the start of one run to the start of the next.
        lease: the longest a run may take.
        needed: whether there is anything to do; asked before the lease is taken, and only read.
    """

    name: str
    every: timedelta
    lease: timedelta
    run: Callable[[], object]
    needed: Callable[[], bool] | None = None

    def next_delay(self, failures: int) -> timedelta:
        """From the start of a run to the next, after so many failures in a row: soon after one."""
        if not failures:
            return self.every
        retry = RetryPolicy(0, first_delay=timedelta(minutes=1), longest_delay=self.every)
        return retry.delay_after(failures)


_jobs: dict[str, PeriodicJob] = {}


def periodic(
    *,
    name: str,
    every: timedelta,
    lease: timedelta = DEFAULT_LEASE,
    needed: Callable[[], bool] | None = None,
) -> Callable[[F], F]:
    """Have a function without arguments run every so often, by one worker at a time.

    Args:
        name: unique and lasting, ``<app>.<what it does>``; at most 100 characters.
        every: from the start of one run to the start of the next.
        lease: the longest a run may take; after it the worker is taken for dead.
        needed: where it says no, a run that is due waits without a write; for jobs that are due
            every second. It only reads, in one query.
    """

    def register(function: F) -> F:
        if name in _jobs:
            message = f"There are two periodic jobs called {name}."
            raise ValueError(message)
        _jobs[name] = PeriodicJob(name, every, lease, function, needed)
        return function

    return register


def add_missing_leases() -> None:
    """Make a row, due at once, for every job that has none; one query if none is missing."""
    known = set(Lease.objects.values_list("name", flat=True))
    missing = [Lease(name=name, due_at=clock.now()) for name in _jobs if name not in known]
    if missing:
        Lease.objects.bulk_create(missing, ignore_conflicts=True)


def run_due_jobs(worker: str) -> list[str]:
    """Run every job that is due and needed and that nobody else gets first.

    One query if none is due, and one for each that is due and not needed.

    Args:
        worker: an id that no other thread uses.

    Returns:
        The names of the jobs that were run, in order.
    """
    due = Lease.objects.due().order_by("due_at").values_list("name", flat=True)
    jobs = [_jobs[name] for name in due if name in _jobs]
    return [
        job.name
        for job in jobs
        if (job.needed is None or job.needed()) and claim(job, worker) and _run(job, worker)
    ]


def claim(job: PeriodicJob, worker: str) -> bool:
    """Take the lease of a job that is due; True for one of all workers that try."""
    now = clock.now()
    lease = Lease.objects.due().filter(name=job.name)
    return bool(lease.update(holder=worker, held_until=now + job.lease, started_at=now))


def _run(job: PeriodicJob, worker: str) -> bool:
    lease = Lease.objects.get(name=job.name)
    started = time.monotonic()
    outcome = "done"
    try:
        job.run()
    except Exception:
        outcome = "failed"
        log.exception("periodic.failed", job=job.name)
    seconds = time.monotonic() - started
    failures = 0 if outcome == "done" else lease.failures + 1
    metrics.RUN.labels(job.name, outcome).inc()
    metrics.SECONDS.labels(job.name).observe(seconds)
    kept = Lease.objects.filter(name=job.name, holder=worker, held_until=lease.held_until).update(
        held_until=None,
        finished_at=clock.now(),
        failures=failures,
        due_at=(lease.started_at or clock.now()) + job.next_delay(failures),
    )
    # What is due every second would fill the log.
    say = log.debug if outcome == "done" and job.every < RARE else log.info
    say("periodic.run", job=job.name, outcome=outcome, seconds=seconds, in_time=bool(kept))
    return True
