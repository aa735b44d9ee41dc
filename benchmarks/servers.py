"""Starts the measured processes, pins them, and reads what the kernel says of them."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services import Postgres, Redis, free_port

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(__file__).resolve().parent / "peers"
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
FILES = 65536


@dataclass
class Served:
    """One running process.

    Attributes:
        port: Where it listens on 127.0.0.1.
    """

    process: subprocess.Popen[bytes]
    port: int

    def cpu_s(self) -> float:
        """User and system time of all its threads so far, in seconds, to the nanosecond.

        Threads that ended are no longer counted; the servers keep theirs.
        """
        nanoseconds = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            with contextlib.suppress(OSError):
                nanoseconds += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        return nanoseconds / 1e9

    def resident_bytes(self) -> int:
        """Its resident memory."""
        fields = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def _prepare(core: int | None) -> None:
    """In the child: its core, and files enough for its sockets."""
    import resource

    if core is not None:
        os.sched_setaffinity(0, {core})
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))


@contextlib.contextmanager
def serve(
    command: list[str],
    port: int,
    *,
    env: Mapping[str, str] | None = None,
    core: int | None = SERVER_CORE,
) -> Iterator[Served]:
    """A process that listens on ``port``, on one core; ended afterwards."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: _prepare(core),  # noqa: PLW1509 - this process has one thread
    )
    try:
        _wait_for(port, process)
        yield Served(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    message = f"{process.args!r} does not listen"
    raise RuntimeError(message)


@dataclass
class Site:
    """A filled database and the environment in which the site serves it."""

    env: dict[str, str]
    tokens: list[str]
    topics: list[str]

    def run(self, *arguments: str) -> str:
        """The last line that Python prints with these arguments, for this site."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **self.env},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout.splitlines()[-1]

    @contextlib.contextmanager
    def serve(
        self, server: str = "uvicorn", *, core: int | None = SERVER_CORE, **extra: str
    ) -> Iterator[Served]:
        """One process of the site."""
        port = free_port()
        command = [sys.executable, "-m", "server", "--port", str(port), "--server", server]
        with serve(command, port, env={**self.env, **extra}, core=core) as served:
            yield served


@contextlib.contextmanager
def site(
    members: int, rooms: int, *, silent: int = 0, env: Mapping[str, str] | None = None
) -> Iterator[Site]:
    """A fresh site with members who are in all of its rooms; SQLite unless ``env`` says else.

    Args:
        members: How many; each has a token.
        rooms: How many.
        silent: Further public rooms that nobody is in.
        env: Environment of its processes, beside what every bench sets.
    """
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as folder:
        whole = {
            "DATA_DIR": folder,
            "DEMO": "0",
            "LOG_LEVEL": "warning",
            "WRITES_PER_S": "100000",
            "WRITES_BURST": "100000",
            "WORKER": "0",
            **(env or {}),
        }
        found = Site(whole, [], [])
        world = json.loads(
            found.run("-m", "benchmarks.world", str(members), str(rooms), str(silent))
        )
        found.tokens, found.topics = world["tokens"], world["topics"]
        yield found


@contextlib.contextmanager
def production() -> Iterator[dict[str, str]]:
    """Throw-away PostgreSQL (durable) and Redis, as the environment of a :func:`site`."""
    with Postgres() as postgres, Redis() as redis:
        yield {"DATABASE_URL": postgres.create_database(), "REDIS_URL": redis.url}


def on_both(module: str, *arguments: str) -> Iterator[tuple[str, Any]]:
    """Run a module on an empty site on SQLite, then on PostgreSQL; what each printed as JSON."""
    with site(1, 0) as embedded:
        yield "SQLite", json.loads(embedded.run("-m", module, *arguments))
    with (
        Postgres() as postgres,
        site(1, 0, env={"DATABASE_URL": postgres.create_database()}) as other,
    ):
        yield "PostgreSQL", json.loads(other.run("-m", module, *arguments))


@contextlib.contextmanager
def socketio() -> Iterator[Served]:
    """The peer on Node."""
    port = free_port()
    command = [sys.executable, "-m", "server.node", "node", str(PEERS / "socketio.mjs"), str(port)]
    with serve(command, port) as served:
        yield served


@contextlib.contextmanager
def tutorial() -> Iterator[Served]:
    """The tutorial's consumer on uvicorn."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.peers.tutorial", str(port)]
    with serve(command, port) as served:
        yield served


@contextlib.contextmanager
def floor() -> Iterator[Served]:
    """The bare epoll loop, compiled now."""
    with tempfile.TemporaryDirectory(prefix="floor-") as folder:
        built = str(Path(folder) / "floor")
        subprocess.run(["cc", "-O2", "-o", built, str(PEERS / "floor.c")], check=True)
        port = free_port()
        with serve([built, str(port)], port) as served:
            yield served


@dataclass
class Round:
    """What one measured stretch cost the servers, in the order they were given, and what came.

    Attributes:
        seen: What the generator says of it.
    """

    cpu_s: list[float]
    grown_bytes: list[int]
    seen: dict[str, Any]

    @property
    def cpu_us_a_delivery(self) -> float:
        """CPU of all servers per event that one socket got, in microseconds."""
        deliveries: int = self.seen["deliveries"]
        return sum(self.cpu_s) / max(1, deliveries) * 1e6


def play(plan: dict[str, Any], *servers: Served) -> list[Round]:
    """Run one plan in the generator's process, against those servers.

    Raises:
        RuntimeError: the generator failed.
    """
    plan = {"core": LOAD_CORE, **plan, "ports": [each.port for each in servers]}
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as load:
        assert load.stdin is not None
        assert load.stdout is not None
        load.stdin.write(json.dumps(plan) + "\n")
        load.stdin.flush()
        looks: list[tuple[list[float], list[int]]] = []
        results = []
        for line in load.stdout:
            if line.strip() in {"begin", "end"}:
                cpu = [each.cpu_s() for each in servers]
                looks.append((cpu, [each.resident_bytes() for each in servers]))
            else:
                results = json.loads(line)
    if load.returncode:
        message = f"the generator failed with {load.returncode}"
        raise RuntimeError(message)
    rounds = []
    for place, seen in enumerate(results):
        (cpu, memory), (cpu_then, memory_then) = looks[2 * place : 2 * place + 2]
        rounds.append(
            Round(
                [after - before for before, after in zip(cpu, cpu_then, strict=True)],
                [after - before for before, after in zip(memory, memory_then, strict=True)],
                seen,
            )
        )
    return rounds
