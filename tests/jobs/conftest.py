"""A clock that the tests set, and processes over the test database."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from base import clock
from jobs import periodic
from tests.jobs import sample


class Clock:
    """Stands where it was put."""

    def __init__(self) -> None:
        self.moment = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    injected = Clock()
    monkeypatch.setattr(clock, "now", injected)
    return injected


@pytest.fixture(autouse=True)
def _no_jobs_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_jobs", {})
    sample.ran.clear()
    sample.done.clear()
    sample.release.clear()


Child = subprocess.Popen[str]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[[str], Child]]:
    """Starts a process that does something with the test database, and waits for its word."""
    children: list[Child] = []

    def start(what: str) -> Child:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.jobs.child",
                str(connection.settings_dict["NAME"]),
                what,
                str(tmp_path),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        children.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "running\n"
        return process

    yield start
    for process in children:
        process.kill()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()
