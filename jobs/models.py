"""Leases of periodic jobs, followers of the log, workers' signs of life, tasks with retries."""

from datetime import timedelta
from traceback import format_exception
from typing import Any

import structlog
from django.core.exceptions import SuspiciousOperation
from django.db import models
from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from base import clock
from jobs.retrying import ONCE, RetryPolicy, policy_of
from live.models import Topic

log = structlog.get_logger(__name__)

LOST_ATTEMPTS = 3
"""A task is started at most this often (or as often as it allows) when its workers die of it."""


class LeaseQuerySet(models.QuerySet["Lease"]):
    """Leases by what can be done with them."""

    def due(self) -> "LeaseQuerySet":
        """Of jobs that should run and that nobody holds."""
        now = clock.now()
        return self.filter(Q(held_until=None) | Q(held_until__lte=now), due_at__lte=now)


class Lease(models.Model):
    """The right to run a periodic job, held by one worker at a time.

    Attributes:
        due_at: when the job should run next.
        holder: id of the worker that runs it, or ran it last.
        held_until: after this moment the holder is taken for dead; null when nobody holds it.
        failures: how often in a row the job has failed.
    """

    name = models.CharField(max_length=100, primary_key=True)
    due_at = models.DateTimeField()
    holder = models.CharField(max_length=64, default="", blank=True)
    held_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    objects = LeaseQuerySet.as_manager()

    def __str__(self) -> str:
        """The job."""
        return self.name


class Beat(models.Model):
    """A worker's sign of life; the row goes when the worker stops or is taken for dead."""

    worker = models.CharField(max_length=64, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        """The worker."""
        return self.worker


class Follower(models.Model):
    """A reader of the log that works in the background; its row says that it has begun."""

    name = models.CharField(max_length=100, primary_key=True)

    def __str__(self) -> str:
        """The follower."""
        return self.name


class Cursor(models.Model):
    """How far one follower has dealt with one topic; nothing yet where there is no row."""

    pk = models.CompositePrimaryKey("follower_id", "topic_id")
    follower = models.ForeignKey(Follower, models.CASCADE, related_name="cursors")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        """Follower, topic and place."""
        return f"{self.follower_id} {self.topic_id} {self.seq}"


class JobQuerySet(models.QuerySet["Job"]):
    """Tasks by state."""

    def waiting(self) -> "JobQuerySet":
        """Tasks that should run now, in the order in which they should."""
        is_due = Q(run_after=get_date_max()) | Q(run_after__lte=clock.now())
        return self.filter(is_due, status=TaskResultStatus.READY)

    def running(self) -> "JobQuerySet":
        """Tasks that a worker has claimed."""
        return self.filter(status=TaskResultStatus.RUNNING)


class LostError(Exception):
    """The worker of a task died or was stopped before the task ended."""


class Job(DBTaskResult[..., Any]):
    """A task with its attempts: ``worker_ids`` names the worker of each."""

    queue = JobQuerySet.as_manager()

    class Meta:
        """A view of django-tasks-db's own table."""

        proxy = True

    @property
    def attempt(self) -> int:
        """The number of the present or last attempt; 0 before the first."""
        return len(self.worker_ids)

    def policy(self) -> RetryPolicy:
        """The task's own policy; ``ONCE`` where the code no longer has this task."""
        try:
            return policy_of(self.task.func)
        except (ImportError, SuspiciousOperation):
            return ONCE

    def set_failed(self, exc: BaseException) -> None:
        """End this attempt: run the task again later if its policy says so, else it has failed.

        django-tasks-db's worker calls it. Does nothing where the attempt was taken for lost.
        """
        policy = self.policy()
        again = policy.allows_another(self.attempt, exc)
        log.warning(
            "task.failed", task=self.task_path, id=str(self.pk), final=not again, exc_info=exc
        )
        self._end_attempt(exc, policy.delay_after(self.attempt) if again else None)

    def set_lost(self) -> bool:
        """End the attempt of a worker that is gone: the task runs again at once.

        After ``LOST_ATTEMPTS`` it has failed instead, since it seems to kill its workers.

        Returns:
            False where the attempt had ended, or somebody else did this first.
        """
        again = self.attempt < max(LOST_ATTEMPTS, self.policy().attempts)
        return self._end_attempt(LostError(), timedelta(0) if again else None)

    def _end_attempt(self, exc: BaseException, delay: timedelta | None) -> bool:
        now = clock.now()
        # NUL and surrogates in a message could not be stored.
        lines = "".join(format_exception(exc)).replace("\0", "\ufffd")
        changes: dict[str, Any] = {
            "exception_class_path": f"{type(exc).__module__}.{type(exc).__qualname__}",
            "traceback": lines.encode(errors="replace").decode(),
        }
        if delay is None:
            changes |= {"status": TaskResultStatus.FAILED, "finished_at": now}
        else:
            changes |= {"status": TaskResultStatus.READY, "run_after": now + delay}
        attempt = Job.queue.running().filter(pk=self.pk, started_at=self.started_at)
        if not attempt.update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True
