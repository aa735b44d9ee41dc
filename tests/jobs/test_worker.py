"""The worker runs what it should, as often as it should, whatever dies around it."""

import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django_tasks import TaskResultStatus
from prometheus_client import REGISTRY

from base import clock
from jobs import tasks, worker
from jobs.models import LOST_ATTEMPTS, Beat, Job
from jobs.periodic import periodic
from jobs.worker import DEAD_AFTER, Worker
from tests.jobs import sample
from tests.jobs.conftest import Child, Clock

READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, SUCCESSFUL = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL


def counted(name: str, outcome: str) -> float:
    """The metric of a job's attempts."""
    labels = {"name": name, "outcome": outcome}
    return REGISTRY.get_sample_value("jobs_run_total", labels) or 0.0


def claimed(by: str, at: Clock) -> Job:
    """A task that a worker has begun."""
    sample.note.enqueue("lost")
    job = Job.objects.get(status=READY)
    job.claim(by)
    return job


@pytest.mark.django_db
def test_tasks_run_in_order_with_the_urgent_first() -> None:
    before = counted("tests.jobs.sample.note", "done")
    sample.note.enqueue("one")
    sample.note_later.enqueue("two")
    sample.urgent.enqueue()
    own = Worker()
    assert [own.run_next_task() for _time in range(4)] == [True, True, True, False]
    assert sample.ran == ["urgent", "one", "two"]
    assert set(Job.objects.values_list("status", flat=True)) == {SUCCESSFUL}
    assert [job.worker_ids for job in Job.objects.all()] == [[own.id]] * 3
    assert counted("tests.jobs.sample.note", "done") == before + 1


@pytest.mark.django_db
def test_a_task_that_is_due_later_waits(at: Clock) -> None:
    sample.note.using(run_after=at() + timedelta(minutes=5)).enqueue("later")
    own = Worker()
    assert own.run_next_task() is False
    at.forward(minutes=5)
    assert own.run_next_task() is True
    assert sample.ran == ["later"]


@pytest.mark.django_db
def test_a_failing_task_is_retried_with_back_off_and_then_fails(at: Clock) -> None:
    name = "tests.jobs.sample.fail_thrice"
    retried, failed = counted(name, "retried"), counted(name, "failed")
    result = sample.fail_thrice.enqueue()
    own = Worker()
    assert own.run_next_task() is True
    job = Job.objects.get()
    assert (job.status, job.run_after, job.attempt) == (READY, at() + timedelta(seconds=10), 1)
    assert job.exception_class_path == "builtins.ConnectionRefusedError"
    at.forward(seconds=9.9)
    assert own.run_next_task() is False
    at.forward(seconds=0.1)
    assert own.run_next_task() is True
    assert Job.objects.get().run_after == at() + timedelta(seconds=20)
    at.forward(seconds=20)
    assert own.run_next_task() is True
    result.refresh()
    assert (result.status, result.attempts, result.finished_at) == (FAILED, 3, at())
    assert "ConnectionRefusedError" in result.errors[0].traceback
    at.forward(days=1)
    assert own.run_next_task() is False
    assert sample.ran == ["fail_thrice"] * 3
    assert (counted(name, "retried"), counted(name, "failed")) == (retried + 2, failed + 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("broken", "status", "error"),
    [
        (sample.fail_once, FAILED, "builtins.ValueError"),
        (sample.leave_the_process, FAILED, "builtins.SystemExit"),
        (sample.refuse, FAILED, "base.errors.NotFound"),
        (sample.refuse_for_now, READY, "base.errors.Unavailable"),
    ],
)
def test_a_broken_task_is_written_down_and_the_next_one_runs(
    broken: object, status: TaskResultStatus, error: str
) -> None:
    broken.enqueue()  # type: ignore[attr-defined]
    sample.note.enqueue("next")
    own = Worker()
    assert own.run_next_task() is True
    assert own.run_next_task() is True
    job = Job.objects.get(exception_class_path=error)
    assert job.status == status
    assert "\0" not in job.traceback
    assert sample.ran[-1] == "next"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["tests.jobs.sample.gone", "tests.gone.task", "os.path.join"])
def test_a_task_that_the_code_no_longer_has_fails(path: str) -> None:
    sample.note.enqueue("gone")
    Job.objects.update(task_path=path)
    assert Worker().run_next_task() is True
    assert Job.objects.get().status == FAILED


@pytest.mark.django_db
def test_the_task_of_a_dead_worker_runs_again(at: Clock) -> None:
    own = Worker()
    Beat.objects.create(worker="silent", beat_at=at())
    job = claimed("silent", at)
    at.moment += DEAD_AFTER
    own.beat()
    assert own.run_next_task() is False
    at.moment += timedelta(microseconds=1)
    own.beat()
    assert list(Beat.objects.values_list("worker", flat=True)) == [own.id]
    assert own.run_next_task() is True
    job.refresh_from_db()
    assert (job.status, job.worker_ids) == (SUCCESSFUL, ["silent", own.id])


@pytest.mark.django_db
def test_the_task_of_a_living_worker_is_left_to_it(at: Clock) -> None:
    own, other = Worker(), Worker()
    other.beat()
    job = claimed(other.id, at)
    at.forward(seconds=30)
    own.beat()
    job.refresh_from_db()
    assert job.status == RUNNING


@pytest.mark.django_db
def test_a_task_that_kills_its_workers_fails_in_the_end(at: Clock) -> None:
    own = Worker()
    job = claimed("gone-0", at)
    for number in range(1, LOST_ATTEMPTS):
        own.beat()
        job = Job.objects.get()
        assert job.status == READY
        job.claim(f"gone-{number}")
    own.beat()
    job = Job.objects.get()
    assert (job.status, job.attempt) == (FAILED, LOST_ATTEMPTS)
    assert job.exception_class_path == "jobs.models.LostError"


@pytest.mark.django_db
def test_two_that_find_a_task_lost_have_it_run_again_once(at: Clock) -> None:
    first = claimed("gone", at)
    second = Job.objects.get()
    assert first.set_lost() is True
    assert second.set_lost() is False
    Job.objects.get().claim("alive")
    assert second.set_lost() is False
    assert Job.objects.get().status == RUNNING


@pytest.mark.django_db
def test_old_results_are_pruned() -> None:
    now = clock.now()
    kept = {
        ("kept", SUCCESSFUL, tasks.KEPT_DAYS - 1),
        ("pruned", SUCCESSFUL, tasks.KEPT_DAYS + 1),
        ("kept", FAILED, tasks.KEPT_DAYS_FAILED - 1),
        ("pruned", FAILED, tasks.KEPT_DAYS_FAILED + 1),
        ("kept", READY, 400),
    }
    for word, status, days in kept:
        result = sample.note.enqueue(word)
        finished_at = None if status == READY else now - timedelta(days=days)
        Job.objects.filter(pk=result.id).update(status=status, finished_at=finished_at)
    tasks.prune_results()
    assert sorted(job.args_kwargs["args"][0] for job in Job.objects.all()) == ["kept"] * 3


def open_databases() -> int:
    """How many files of the test database this process has open."""
    name = str(connection.settings_dict["NAME"])
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found += str(descriptor.readlink()).startswith(name)
        except FileNotFoundError:
            continue
    return found


@pytest.mark.django_db(transaction=True)
def test_a_worker_in_threads_runs_work_soon_and_ends_with_its_connections_closed() -> None:
    connection.close()
    before = open_databases()
    came = threading.Event()
    periodic(name="tests.note", every=timedelta(hours=1))(came.set)
    own = Worker()
    own.start()
    started = time.monotonic()
    sample.note.enqueue("soon")
    assert sample.done.wait(10)
    assert time.monotonic() - started < 5
    assert came.wait(10)
    own.stop()
    assert sample.ran == ["soon"]
    assert Job.objects.get().status == SUCCESSFUL
    assert Beat.objects.count() == 0
    connection.close()
    assert open_databases() == before


@pytest.mark.django_db(transaction=True)
def test_a_task_that_outlasts_the_stop_is_left_to_another_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "GRACE_S", 0.2)
    sample.hang.enqueue()
    own = Worker()
    own.start()
    assert sample.done.wait(10)
    own.stop()
    assert Job.objects.get().status == READY
    sample.release.set()
    own.join()


@pytest.mark.django_db(transaction=True)
def test_the_worker_goes_on_when_the_database_is_back() -> None:
    own = Worker()
    sample.rename(Job._meta.db_table, "away")
    try:
        own.start()
        own._stopping.wait(0.3)
    finally:
        sample.rename("away", Job._meta.db_table)
    sample.note.enqueue("back")
    assert sample.done.wait(10)
    own.stop()
    assert sample.ran == ["back"]


@pytest.mark.django_db(transaction=True)
def test_a_task_whose_end_could_not_be_written_runs_again() -> None:
    sample.lose_the_table.enqueue()
    own = Worker()
    with pytest.raises(DatabaseError):
        own.run_next_task()
    sample.rename("away", Job._meta.db_table)
    assert own.run_next_task() is True
    assert sample.ran == ["lose_the_table", "lose_the_table"]
    assert Job.objects.get().status == SUCCESSFUL


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_process_ends_within_seconds_of_a_signal(
    child: Callable[[str], Child], number: signal.Signals
) -> None:
    process = child("worker")
    sample.note.enqueue("there")
    deadline = time.monotonic() + 20
    while Job.objects.get().status != SUCCESSFUL or not Beat.objects.exists():
        assert time.monotonic() < deadline
        sample.release.wait(0.05)
    process.send_signal(number)
    assert process.wait(15) == 0
    assert Beat.objects.count() == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_worker_processes_run_each_task_once(child: Callable[[str], Child]) -> None:
    for number in range(30):
        sample.note.enqueue(str(number))
    processes = [child("worker"), child("worker")]
    deadline = time.monotonic() + 30
    while Job.objects.exclude(status=SUCCESSFUL).exists() or Beat.objects.count() < 2:
        assert time.monotonic() < deadline
        sample.release.wait(0.05)
    assert [job.attempt for job in Job.queue.filter(status=SUCCESSFUL)] == [1] * 30
    for process in processes:
        process.terminate()
        assert process.wait(15) == 0
