"""Two processes that gather at once, and one that dies: every reply is told once."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from jobs import following
from jobs.periodic import _jobs
from live.models import Event
from notices.models import Notice
from tests.notices.conftest import Talk, make_talk

pytestmark = pytest.mark.django_db(transaction=True)
Child = subprocess.Popen[str]
REPLIES = 40


@pytest.fixture
def child() -> Iterator[Callable[[], Child]]:
    """Starts a process that gathers from this database when it is told to."""
    children: list[Child] = []

    def start() -> Child:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.notices.child", str(connection.settings_dict["NAME"])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        children.append(process)
        assert said(process) == "ready"
        return process

    yield start
    for process in children:
        process.kill()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()


def said(process: Child) -> str:
    """The next word of a child."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def begin(process: Child) -> None:
    """Let a child gather."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def told_once(talk: Talk, wanted: list[int]) -> None:
    """Each of these replies is one notice, and stands in one event."""
    rows = Notice.objects.filter(member=talk.reader).order_by("subject")
    assert list(rows.values_list("subject", flat=True)) == wanted
    events = Event.objects.filter(event="notice.added", topic__name=f"member:{talk.reader.pk}")
    ids = [pk for event in events for pk in (event.data or {})["ids"]]
    assert sorted(ids) == sorted(rows.values_list("pk", flat=True))


@pytest.mark.slow
def test_two_that_gather_at_once_tell_each_reply_once(child: Callable[[], Child]) -> None:
    talk = make_talk()
    _jobs["chat.notices"].run()
    wanted = [talk.reply() for _ in range(REPLIES)]
    both = [child(), child()]
    for process in both:
        begin(process)
    assert [said(process).split()[0] for process in both] == ["done", "done"]
    told_once(talk, wanted)


def test_one_that_is_killed_between_batches_leaves_the_rest_to_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What one batch told stays told; what it did not is told by whoever comes next."""
    talk = make_talk()
    job = _jobs["chat.notices"]
    job.run()
    wanted = [talk.reply() for _ in range(6)]
    monkeypatch.setattr(following, "AT_ONCE", 2)
    monkeypatch.setattr(following, "BUDGET_S", 0.0)
    follower: Any = job.run.__self__  # type: ignore[attr-defined]
    follower._step()  # one batch; then the process is gone, and its lease runs out
    assert Notice.objects.count() == 2
    monkeypatch.undo()
    job.run()
    told_once(talk, wanted)
