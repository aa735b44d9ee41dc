"""A PostgreSQL server of one's own, with fsync on: what it acknowledged survives its death."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from tests.services import migrated
from tests.services.ports import free_port, wait_until

MIGRATED = "ports_migrated"
"""The migrated database that every server has: a template."""
_numbers = count(1)


class Postgres:
    """One server with its own data, port and socket folder.

    It may be stopped and started again on the same data and port. PostgreSQL refuses to run as
    root, so root runs it as ``postgres``, the user that Debian's package makes.
    """

    def __init__(self, **settings: str) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="ports-pg-"))
        self.log = self.folder / "log"
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            self._user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)

    @staticmethod
    def programs() -> Path | None:
        """The folder of the newest PostgreSQL's programs; None where none is installed."""
        found = sorted(
            Path("/usr/lib/postgresql").glob("*/bin/postgres"),
            key=lambda path: int(path.parent.parent.name),
        )
        on_path = shutil.which("postgres")
        if found:
            return found[-1].parent
        return Path(on_path).resolve().parent if on_path else None

    @classmethod
    def missing(cls) -> str:
        """Why it cannot be started here; empty where it can."""
        if cls.programs() is None:
            return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        if os.geteuid() == 0:
            try:
                pwd.getpwnam("postgres")
            except KeyError:
                return "PostgreSQL does not run as root, and there is no user postgres"
        return ""

    def __enter__(self) -> Self:
        programs = self.programs()
        assert programs is not None, self.missing()
        migrated.copy(migrated.postgres(_make, programs.parent.name), self.data)
        self.start()
        return self

    def initialise(self) -> None:
        """Make the data of a server that has nothing in it."""
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--no-sync",
                  "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def data(self) -> Path:
        """Where its data lies."""
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        folder = self.programs()
        assert folder is not None, self.missing()
        subprocess.run(
            [str(folder / program), *arguments],
            check=True,
            capture_output=True,
            cwd=self.folder,
            timeout=120,
            **self._user,
        )

    def start(self) -> None:
        """Start and wait until it answers; does nothing where it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        folder = self.programs()
        assert folder is not None, self.missing()
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "fsync": "on",
            "synchronous_commit": "on",
            **self._settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(folder / "postgres"), "-D", str(self.data), "-p", str(self.port), *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._user,
            )
        wait_until(self._answers, f"PostgreSQL on port {self.port}", 60)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop and wait: SIGINT ends sessions, SIGQUIT is the immediate shutdown (a crash)."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def url(self, database: str) -> str:
        """What DATABASE_URL holds for that database."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "template0") -> str:
        """A new database, a copy of the template; returns its URL."""
        name = f"ports_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def migrate(self) -> None:
        """Make the template."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{MIGRATED}" TEMPLATE "template0"')
        migrated.migrate(self.folder, self.url(MIGRATED))


def _make(path: Path) -> None:
    """Make the data of a server that has the template in it."""
    server = Postgres()
    try:
        server.initialise()
        server.start()
        server.migrate()
        server.stop()
        migrated.copy(server.data, path)
    finally:
        server.__exit__(None, None, None)
