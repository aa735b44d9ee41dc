"""The worker: runs tasks as they come and periodic jobs as they are due, until it is stopped.

Three threads, each with its own database connection: one runs tasks, one periodic jobs, one says
every few seconds that this worker lives and looks for tasks whose workers no longer do. So a long
task delays no periodic job, and neither makes the worker look dead. When the database is away,
each thread says so, waits a little longer every time, and goes on where it was.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from django.db import DatabaseError, close_old_connections, connection, connections
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.utils import exclusive_transaction

from base import clock
from base.ids import new_key
from jobs import metrics
from jobs.models import Beat, Job
from jobs.periodic import add_missing_leases, run_due_jobs

log = structlog.get_logger(__name__)

POLL_S: Final = 0.5
BEAT_S: Final = 10.0
DEAD_AFTER: Final = timedelta(seconds=60)
"""A worker that was silent for so long is taken for dead."""
GRACE_S: Final = 5.0
"""How long a stop waits for the task under way; then that task is left to another worker."""
LONGEST_PAUSE_S: Final = 30.0

_OUTCOMES: Final = {
    TaskResultStatus.SUCCESSFUL: "done",
    TaskResultStatus.READY: "retried",
    TaskResultStatus.FAILED: "failed",
    TaskResultStatus.RUNNING: "lost",
}


class Worker:
    """Runs background work in threads of this process; started and stopped once.

    Attributes:
        id: names this worker in task results and leases; no other worker ever has it.
    """

    def __init__(self) -> None:
        """Ready to start."""
        self.id = f"{socket.gethostname()[:20]}-{os.getpid()}-{new_key().hex[:12]}"
        self._stopping = threading.Event()
        self._job: Job | None = None
        # Its loop is for a process of its own (it installs signal handlers, exits, and dies when
        # the database is away); what it does with one task is what is wanted.
        self._runner = TaskRunner(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=POLL_S,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=self.id,
        )
        steps: tuple[tuple[Callable[[], bool], float], ...] = (
            (self.run_next_task, POLL_S),
            (self.run_periodic_jobs, POLL_S),
            (self.beat, BEAT_S),
        )
        # Daemons: a task that outlasts the grace must not hold up the end of the process.
        self._threads = [
            threading.Thread(
                target=self._repeat, args=step, name=f"jobs-{step[0].__name__}", daemon=True
            )
            for step in steps
        ]

    def start(self) -> None:
        """Begin; returns at once."""
        log.info("worker.started", worker=self.id)
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until the worker has stopped."""
        for thread in self._threads:
            thread.join()

    def stop(self) -> None:
        """End within ``GRACE_S`` and a little; a task that is still running is left to others."""
        self._stopping.set()
        deadline = time.monotonic() + GRACE_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        job = self._job
        left_task = None
        try:
            if job is not None and job.set_lost():
                left_task = job.task_path
            Beat.objects.filter(worker=self.id).delete()
        except DatabaseError:
            log.warning("worker.vanished", worker=self.id, exc_info=True)
        finally:
            connection.close()
        log.info("worker.stopped", worker=self.id, left_task=left_task)

    def run_next_task(self) -> bool:
        """Run the task that is first in line; False if there is none."""
        if self._job is not None:
            # The database went away before its end could be written down.
            self._job.set_lost()
            self._job = None
        if not Job.queue.waiting().exists():
            return False
        with exclusive_transaction():
            job = Job.queue.waiting().select_for_update(skip_locked=True).first()
            if job is None:
                return False
            job.claim(self.id)
        self._job = job
        started = time.monotonic()
        self._runner.run_task(job)
        self._job = None
        seconds = time.monotonic() - started
        outcome = _OUTCOMES[TaskResultStatus(job.status)]
        metrics.RUN.labels(job.task_path, outcome).inc()
        metrics.SECONDS.labels(job.task_path).observe(seconds)
        log.info(
            "task.run",
            task=job.task_path,
            id=str(job.id),
            attempt=job.attempt,
            outcome=outcome,
            seconds=seconds,
        )
        return True

    def run_periodic_jobs(self) -> bool:
        """Run the periodic jobs that are due; False if there were none."""
        return bool(run_due_jobs(self.id))

    def beat(self) -> bool:
        """Say that this worker lives, and have the tasks of dead ones run again; always False."""
        now = clock.now()
        add_missing_leases()
        Beat.objects.update_or_create(worker=self.id, defaults={"beat_at": now})
        Beat.objects.filter(beat_at__lt=now - DEAD_AFTER).delete()
        alive = set(Beat.objects.values_list("worker", flat=True))
        for job in Job.queue.running():
            if job.worker_ids[-1] not in alive and job.set_lost():
                metrics.RUN.labels(job.task_path, "lost").inc()
                log.warning("task.lost", task=job.task_path, id=str(job.id), attempt=job.attempt)
        metrics.WAITING.set(Job.queue.waiting().count())
        return False

    def _repeat(self, step: Callable[[], bool], pause_s: float) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                close_old_connections()
                found_work = step()
            except Exception as error:
                failures += 1
                wait_s = min(POLL_S * 2**failures, LONGEST_PAUSE_S)
                # That the database is away needs no trace; anything else is a bug.
                log.warning(
                    "worker.paused",
                    worker=self.id,
                    step=step.__name__,
                    wait_s=wait_s,
                    error=str(error),
                    exc_info=None if isinstance(error, DatabaseError) else error,
                )
                connection.close()
                self._stopping.wait(wait_s)
            else:
                failures = 0
                if not found_work:
                    self._stopping.wait(pause_s)
        connections.close_all()
