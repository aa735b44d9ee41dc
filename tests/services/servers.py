"""Sites and the server processes that serve them, as an operator starts them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from server.environment import VARIABLES
from tests.services import migrated
from tests.services.migrated import ROOT
from tests.services.ports import free_port, wait_until
from tests.services.postgres import MIGRATED, Postgres

PASSWORD = "quiet-harbour-27"
_numbers = count(1)
_OWN = frozenset(variable.name for variable in VARIABLES)


@dataclass(frozen=True)
class Account:
    """A member of a site with a token; all share :data:`PASSWORD`."""

    id: int
    email: str
    name: str
    token: str


class Site:
    """One instance: a data folder, a database, perhaps Redis; any number of processes serve it.

    Attributes:
        folder: DATA_DIR.
        environment: What its processes and commands run with.
    """

    def __init__(
        self, folder: Path, *, database_url: str = "", redis_url: str = "", **variables: str
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in _OWN}
        self.environment = kept | {
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "of-a-throw-away-site",
            "WORKER": "0",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
            **variables,
        }

    @classmethod
    def on_sqlite(cls, folder: Path, *, redis_url: str = "", **variables: str) -> Self:
        """A migrated, empty site on SQLite."""
        site = cls(folder, redis_url=redis_url, **variables)
        shutil.copy(migrated.sqlite(), folder / "ports.sqlite3")
        return site

    @classmethod
    def on_postgres(
        cls, folder: Path, postgres: Postgres, *, redis_url: str = "", **variables: str
    ) -> Self:
        """A migrated, empty site on a new database of that server."""
        url = postgres.create_database(MIGRATED)
        return cls(folder, database_url=url, redis_url=redis_url, **variables)

    def run(self, *arguments: str, timeout_s: float = 120) -> str:
        """Run Python with these arguments for this site; returns what it printed.

        Raises:
            RuntimeError: it failed; the message holds its errors.
        """
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        if done.returncode:
            message = f"{arguments}: {done.stderr[-4000:]}"
            raise RuntimeError(message)
        return done.stdout

    def process(self, *arguments: str) -> subprocess.Popen[str]:
        """Python with these arguments for this site, spoken with in lines."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def manage(self, *arguments: str, timeout_s: float = 120) -> str:
        """``manage.py`` for this site."""
        return self.run("manage.py", *arguments, timeout_s=timeout_s)

    def people(self, number: int, **fields: str) -> list[Account]:
        """New members with a token each; the site counts as set up afterwards."""
        said = self.run("-m", "tests.services.people", str(number), json.dumps(fields))
        return [Account(**json.loads(line)) for line in said.splitlines()]

    def server(self, kind: str = "uvicorn", *, port: int = 0, **variables: str) -> "ServerProcess":
        """A process that serves this site; start it, or use it as a context."""
        return ServerProcess(self, kind, port or free_port(), variables)


class ServerProcess:
    """One ``python -m server``.

    Attributes:
        port: Where it listens, on loopback; kept when it is started again.
        log: File with all that it printed.
    """

    def __init__(self, site: Site, kind: str, port: int, variables: Mapping[str, str]) -> None:
        self.site = site
        self.kind = kind
        self.port = port
        self.log = site.folder / f"server-{next(_numbers)}.log"
        self._environment = site.environment | dict(variables)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the site."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def live_url(self) -> str:
        """Address of the socket."""
        return f"ws://127.0.0.1:{self.port}/live/"

    @property
    def pid(self) -> int:
        """Its process id; it must be running."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self.is_running:
            self.terminate()
            try:
                self.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self, *, wait: bool = True) -> None:
        """Start, and wait until it is ready unless told otherwise."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server", "--port", str(self.port), "--server", self.kind],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        if wait:
            self.wait_ready()

    def wait_ready(self, within_s: float = 60) -> None:
        """Wait until ``/readyz`` says yes.

        Raises:
            RuntimeError: the process ended instead.
        """
        wait_until(self._is_ready, f"server on port {self.port}", within_s)

    def _is_ready(self) -> bool:
        if not self.is_running:
            message = f"the server ended: {self.text()[-4000:]}"
            raise RuntimeError(message)
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def terminate(self) -> None:
        """SIGTERM, without waiting."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9 and wait."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def wait(self, within_s: float) -> int:
        """Wait for its end; returns its exit code.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        assert self._process is not None
        return self._process.wait(within_s)

    def text(self) -> str:
        """All that it printed."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
