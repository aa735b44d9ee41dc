"""Migrated databases: made once for this state of the migrations, then copied.

Django takes a dozen seconds of work to bring an empty database up to date, and a run of all
suites needs a dozen of them. What is copied lies in the virtual environment, named by a digest of
every migration and of the versions of all packages; ``make clean`` forgets it.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = Path(sys.prefix) / ".migrated"
STATES = 4


def migrate(folder: Path, database_url: str = "") -> None:
    """Bring a database up to date, as an operator does; without a URL it is SQLite's in there."""
    variables = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "REDIS_URL": "",
        "SECRET_KEY": "of-a-throw-away-site",
        "DJANGO_SETTINGS_MODULE": "server.settings",
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        check=True,
        cwd=ROOT,
        env=os.environ | variables,
        timeout=600,
    )


def sqlite() -> Path:
    """A migrated database file; copy it."""
    return _kept("ports.sqlite3", _make_sqlite)


def _make_sqlite(path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="ports-template-") as folder:
        migrate(Path(folder))
        made = Path(folder) / "ports.sqlite3"
        with closing(sqlite3.connect(made)) as connection:
            # All of it in the one file that is copied.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(made, path)


def postgres(make: Callable[[Path], None], version: str) -> Path:
    """The data folder of a PostgreSQL that ended well, with a migrated database in it; copy it."""
    return _kept(f"postgres-{version}", make)


def copy(kept: Path, to: Path) -> None:
    """Copy what is kept, its owners too."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(kept), str(to)], check=True)


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    """What is kept of that name for this state; made now where it is not, by one of those asking.

    It appears under its name only when it is whole.
    """
    path = KEPT / _state() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.with_name(f"{name}.lock")):
            if not path.exists():
                _forget_others(path.parent)
                growing = path.with_name(f"{name}.new")
                shutil.rmtree(growing, ignore_errors=True)
                make(growing)
                growing.rename(path)
    return path


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _forget_others(own: Path) -> None:
    """Keep the youngest states only: branches are gone back to, but not for ever."""
    states = sorted(KEPT.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in [state for state in states if state != own][STATES - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


@cache
def _state() -> str:
    """Digest of all that a migrated database is made from."""
    digest = hashlib.sha256(sys.version.encode())
    for path in [ROOT / "locks" / "dev.txt", *sorted(ROOT.glob("*/migrations/*.py"))]:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
