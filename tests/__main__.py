"""``python -m tests``: every suite in an order that makes sense, and one clear closing line.

The plain suite comes first, on both cores; what starts processes of its own follows by itself,
since it measures time. Further arguments go to pytest. ``--soak`` runs the full faults alone.
With CI=true a skip is a failure (``tests/conftest.py``).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

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
PLAIN = "not browser and not faults and not postgres and not redis"


@dataclass(frozen=True)
class Stage:
    """One call of pytest.

    Attributes:
        arguments: What it is called with.
        database: It runs in a PostgreSQL server of its own instead of SQLite.
    """

    name: str
    arguments: tuple[str, ...]
    database: bool = False
    variables: dict[str, str] = field(default_factory=dict)


def stages(*, soak: bool) -> list[Stage]:
    """What is run, in order."""
    if soak:
        return [Stage("soak", (str(FOLDER / "faults"),), variables={"SOAK": "1"})]
    apps = [str(FOLDER / app) for app in ON_BOTH]
    elsewhere = [f"--ignore={FOLDER / name}" for name in REAL]
    parallel = ("-n", "2", "--dist", "worksteal")
    found = [
        Stage("plain", (*parallel, "-m", PLAIN, *elsewhere, str(FOLDER))),
        Stage("plain on PostgreSQL", (*parallel, "-m", PLAIN, *apps), database=True),
        Stage("processes", ("-m", "(redis or postgres) and not browser", *elsewhere, str(FOLDER))),
        Stage("contract", ("-n", "4", str(FOLDER / "contract"))),
        Stage("browser", ("-m", "browser", str(FOLDER))),
    ]
    return [*found, Stage("faults", ("-m", "faults", str(FOLDER)))]


def run(stage: Stage, more: list[str]) -> bool:
    """Run one stage; whether all of it passed."""
    with ExitStack() as stack:
        variables = dict(os.environ) | stage.variables
        # Never the operator's own data, never the database of whoever tests beside us.
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ports-tests-"))
        variables |= {"DATA_DIR": folder, "DATABASE_URL": "", "REDIS_URL": ""}
        if stage.database:
            if why := Postgres.missing():
                sys.stdout.write(f"{stage.name}: skipped: {why}\n")
                return os.environ.get("CI", "").lower() != "true"
            postgres = stack.enter_context(Postgres())
            variables["DATABASE_URL"] = postgres.create_database()
        command = [sys.executable, "-m", "pytest", "-rs", *stage.arguments, *more]
        return subprocess.run(command, env=variables, check=False).returncode == 0


def main() -> int:
    """Run all stages, also after a failure; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("--soak", action="store_true", help="the full faults, and nothing else")
    parser.add_argument("--only", help="the name of one stage")
    chosen, more = parser.parse_known_args()
    started, failed, count = time.monotonic(), [], 0
    for stage in stages(soak=chosen.soak):
        if chosen.only not in {None, stage.name}:
            continue
        count += 1
        at = time.monotonic()
        sys.stdout.write(f"\n=== {stage.name}\n")
        sys.stdout.flush()
        good = run(stage, more)
        took = time.monotonic() - at
        sys.stdout.write(f"=== {stage.name}: {'passed' if good else 'FAILED'} in {took:.0f} s\n")
        if not good:
            failed.append(stage.name)
    took = time.monotonic() - started
    if failed:
        sys.stdout.write(f"\nFAILED in {took:.0f} s: {', '.join(failed)}\n")
        return 1
    sys.stdout.write(f"\nAll {count} suites passed in {took:.0f} s.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
