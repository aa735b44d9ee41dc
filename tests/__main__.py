"""``python -m tests``: every suite in an order that makes sense, and one clear closing line.

The plain suites come first, on both cores, then what is slow, then the contract. Faults often wait,
so the browser and the processes run beside them; each of these prints when it is over.
Further arguments go to pytest. ``--soak`` runs the full faults alone.
With CI=true a skip is a failure (``tests/conftest.py``).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from tests.services import Postgres

FOLDER = Path(__file__).resolve().parent
ON_BOTH = (
    "live",
    "files",
    "search",
    "members",
    "front",
    "notices",
    "moderation",
    "chat",
    "matchmaking",
    "jobs",
)
REAL = ("contract", "faults", "browser", "outside")
SAYING = threading.Lock()
PLAIN = "not browser and not faults and not postgres and not redis and not slow"
SLOW = "slow and not browser and not faults and not postgres and not redis"


@dataclass(frozen=True)
class Stage:
    """One call of pytest.

    Attributes:
        arguments: What it is called with.
        database: It runs in a PostgreSQL server of its own instead of SQLite.
        lane: Stages of different lanes run side by side, once those without one are over.
    """

    name: str
    arguments: tuple[str, ...]
    database: bool = False
    variables: dict[str, str] = field(default_factory=dict)
    lane: str = ""


def stages(*, soak: bool) -> list[Stage]:
    """What is run, in order."""
    if soak:
        return [Stage("soak", (str(FOLDER / "faults"),), variables={"SOAK": "1"})]
    apps = [str(FOLDER / app) for app in ON_BOTH]
    elsewhere = [f"--ignore={FOLDER / name}" for name in REAL]
    parallel = ("-n", "2", "--dist", "worksteal")
    asking = (*parallel, "--with-database")
    processes = ("-m", "(redis or postgres) and not browser", *elsewhere, str(FOLDER))
    return [
        Stage("plain", (*parallel, "-m", PLAIN, *elsewhere, str(FOLDER))),
        Stage("plain on PostgreSQL", (*asking, "-m", PLAIN, *apps), database=True),
        Stage("slow", (*parallel, "-m", SLOW, *elsewhere, str(FOLDER))),
        Stage("slow on PostgreSQL", (*asking, "-m", SLOW, *apps), database=True),
        Stage("contract", ("-n", "4", str(FOLDER / "contract"))),
        Stage("browser", ("-m", "browser", str(FOLDER)), lane="busy"),
        Stage("faults", ("-m", "faults", str(FOLDER)), lane="waiting"),
        Stage("processes", processes, lane="busy"),
    ]


def run(stage: Stage, more: list[str]) -> bool:
    """Run one stage and say how it went; whether all of it passed.

    In a lane nothing is printed before the end, so that no two stages mix their lines.
    """
    at = time.monotonic()
    with ExitStack() as stack:
        said = stack.enter_context(tempfile.TemporaryFile("w+")) if stage.lane else sys.stdout
        _say(f"\n=== {stage.name}\n")
        good = _call(stage, more, said, stack)
        if stage.lane:
            said.seek(0)
            _say(f"\n=== {stage.name}, as it went:\n{said.read()}")
    took = time.monotonic() - at
    _say(f"=== {stage.name}: {'passed' if good else 'FAILED'} in {took:.0f} s\n")
    return good


def _say(text: str) -> None:
    with SAYING:
        sys.stdout.write(text)
        sys.stdout.flush()


def _call(stage: Stage, more: list[str], said: IO[str], stack: ExitStack) -> bool:
    """Call pytest; its output goes to ``said``."""
    variables = dict(os.environ) | stage.variables
    # Never the operator's own data, never the database of whoever tests beside us.
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ports-tests-"))
    variables |= {"DATA_DIR": folder, "DATABASE_URL": "", "REDIS_URL": ""}
    if stage.database:
        if why := Postgres.missing():
            said.write(f"{stage.name}: skipped: {why}\n")
            return os.environ.get("CI", "").lower() != "true"
        # What it answers is asked here; what it survives, elsewhere.
        postgres = stack.enter_context(Postgres(fsync="off"))
        variables["DATABASE_URL"] = postgres.create_database()
    command = [sys.executable, "-m", "pytest", "-rs", *stage.arguments, *more]
    done = subprocess.run(
        command, env=variables, check=False, stdout=said, stderr=subprocess.STDOUT
    )
    return done.returncode == 0


def run_all(chosen: list[Stage], more: list[str]) -> list[str]:
    """Run stages without a lane in order, then the lanes side by side; who failed."""
    failed = [stage.name for stage in chosen if not stage.lane and not run(stage, more)]
    lanes = {stage.lane: [each for each in chosen if each.lane == stage.lane] for stage in chosen}
    lanes.pop("", None)
    with ThreadPoolExecutor(max_workers=len(lanes) or 1) as pool:
        for bad in pool.map(
            lambda lane: [stage.name for stage in lane if not run(stage, more)], lanes.values()
        ):
            failed += bad
    return failed


@contextmanager
def bytecode() -> Iterator[None]:
    """Every module is compiled once, also where nothing may be written beside the sources."""
    if not sys.dont_write_bytecode:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="ports-bytecode-") as folder:
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}
        yield


def main() -> int:
    """Run all stages, also after a failure; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("--soak", action="store_true", help="the full faults, and nothing else")
    parser.add_argument("--only", help="the name of one stage")
    asked, more = parser.parse_known_args()
    started = time.monotonic()
    chosen = stages(soak=asked.soak)
    if asked.only:
        chosen = [replace(each, lane="") for each in chosen if each.name == asked.only]
    with bytecode():
        failed = run_all(chosen, more)
    took = time.monotonic() - started
    if failed:
        _say(f"\nFAILED in {took:.0f} s: {', '.join(failed)}\n")
        return 1
    _say(f"\nAll {len(chosen)} suites passed in {took:.0f} s.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
