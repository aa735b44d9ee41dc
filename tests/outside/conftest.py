"""Where the independent programs are, and what they judge."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services import Postgres, Redis, Site, free_port
from tests.services.migrated import ROOT
from tests.services.ports import accepts, wait_until

TOOLS = ROOT.parent / "shared" / "tools"
TOKENS = 25


@dataclass(frozen=True)
class Judge:
    """How one of the programs is called.

    Attributes:
        environment: What it and all that it starts runs with.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str]

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Let it judge; at most four minutes."""
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.outside.program",
                str(TOOLS / program),
                *arguments,
                *self.arguments,
            ],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    if not TOOLS.is_dir():
        pytest.skip(f"{TOOLS} is not there: the independent programs come beside a checkout")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """A fresh ``make run``."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    url = f"http://127.0.0.1:{port}"
    environment = Site(folder).environment | {"PORT": str(port), "DEMO": "1", "WORKER": ""}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _is_ready(url, process, folder / "log"), "make run", 120)
        yield Judge((url, str(ROOT)), environment)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _is_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> bool:
    if process.poll() is not None:
        message = f"make run ended: {log.read_text(encoding='utf-8')[-4000:]}"
        raise RuntimeError(message)
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def two_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """PostgreSQL with the demo in it; the harness starts Redis and the processes by itself."""
    if why := Postgres.missing() or Redis.missing():
        pytest.skip(why)
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres())
        folder, redis_port = tmp_path_factory.mktemp("two"), free_port()
        redis_url = f"redis://127.0.0.1:{redis_port}/0"
        site = Site.on_postgres(folder, postgres, redis_url=redis_url)
        tokens = folder / "tokens"
        tokens.write_text(site.manage("seed", "--tokens", str(TOKENS)), encoding="utf-8")
        # The second process listens on the port after the first one's.
        port = next(port for port in iter(free_port, 0) if not accepts(port + 1))
        arguments = {
            "cwd": str(ROOT),
            "server": f"{sys.executable} -m server --port {{port}}",
            "tokens": f"cat {tokens}",
            "redis": "redis-server --port {port} --bind 127.0.0.1 --save '' --appendonly no",
            "redis-port": str(redis_port),
            "port": str(port),
        }
        options = [part for name, value in arguments.items() for part in (f"--{name}", value)]
        yield Judge(tuple(options), site.environment)
