"""The one writer of a process: writes that wait together share a transaction.

A thread with its own kept connection takes what waits, at most :data:`BATCH` jobs, runs them in
one unit and reports back to the event loop. SQLite has one writer anyway; on PostgreSQL a batch
costs one commit instead of one per message.
"""

import asyncio
import queue
import threading
from collections.abc import Callable

import structlog
from django.db import connection

from base.errors import Internal
from live import metrics
from live.performing import run_jobs
from live.units import Job

BATCH = 64
WAITING = 4096
_logger = structlog.get_logger("live.writer")
Done = Callable[[Job], None]


class Writer:
    """Runs jobs in the order of their submission."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: queue.SimpleQueue[tuple[Job, Done] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="live-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job, done: Done) -> bool:
        """Queue a job; ``done`` is called with it in the event loop. False when too many wait."""
        if self._queue.qsize() >= WAITING:
            return False
        self._queue.put((job, done))
        return True

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._queue.put(None)

    def join(self, timeout_s: float) -> None:
        """Wait until the thread has ended."""
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                break
            batch = [first]
            ends = False
            while len(batch) < BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    ends = True
                    break
                batch.append(following)
            self._run(batch)
            if ends:
                break
        connection.close()

    def _run(self, batch: list[tuple[Job, Done]]) -> None:
        jobs = [job for job, _ in batch]
        try:
            with metrics.WRITE_SECONDS.time():
                run_jobs(jobs)
        except Exception:
            # run_jobs answers for all it knows; whatever this is must not end the writer.
            _logger.exception("writer", jobs=len(jobs))
            for job in jobs:
                job.reply, job.refusal = None, Internal()
        metrics.WRITES.inc(len(jobs))
        metrics.BATCH_JOBS.observe(len(jobs))
        try:
            self._loop.call_soon_threadsafe(_report, batch)
        except RuntimeError:
            _logger.warning("loop closed before its writes were acknowledged", jobs=len(jobs))


def _report(batch: list[tuple[Job, Done]]) -> None:
    for job, done in batch:
        done(job)
