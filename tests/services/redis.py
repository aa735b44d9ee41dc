"""A Redis server of one's own that keeps nothing on disk."""

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from tests.services.ports import accepts, free_port, wait_until


class Redis:
    """One server; it may be stopped, killed, frozen and started again on the same port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="ports-redis-"))
        self.log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def missing() -> str:
        """Why it cannot be started here; empty where it can."""
        if shutil.which("redis-server") is None:
            return "Redis is not installed (Debian: apt-get install redis-server)"
        return ""

    @property
    def url(self) -> str:
        """What REDIS_URL holds."""
        return f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start, empty, and wait until it answers; does nothing where it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                 "--appendonly", "no", "--dir", str(self.folder)],
                stdout=log,
                stderr=log,
            )  # fmt: skip
        wait_until(lambda: accepts(self.port), f"Redis on port {self.port}")

    def kill(self) -> None:
        """Kill -9 and wait."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def freeze(self) -> None:
        """Stop it answering while its connections stay open."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on after :meth:`freeze`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        """FLUSHALL: forget every key, group memberships too."""
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def drop_connections(self) -> None:
        """Cut every client's connection, subscribers' too; they have to come back."""
        with redis.Redis(port=self.port) as client:
            for kind in ("normal", "pubsub"):
                client.client_kill_filter(_type=kind, skipme=True)
