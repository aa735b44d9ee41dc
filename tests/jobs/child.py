"""A process of its own over the test database: ``python -m tests.jobs.child DATABASE WHAT``."""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import django
from django.db import connection


def tell(word: str) -> None:
    """Let the parent know."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(database: str, what: str, folder: Path) -> None:
    """Do what is asked, telling the parent over standard output."""
    django.setup()
    # Models can be imported from here on only.
    from jobs import periodic
    from jobs.management.commands.worker import Command

    connection.settings_dict["NAME"] = database

    def tell_and_hang() -> None:
        tell("running")
        sys.stdin.read()

    def leave_a_mark() -> None:
        with (folder / "marks").open("a") as marks:
            marks.write(f"{os.getpid()}\n")

    if what == "worker":
        # Whatever a shell starts in the background ignores it, and so would its children.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        tell("running")
        Command().handle()
        return
    job = tell_and_hang if what == "hang" else leave_a_mark
    periodic._jobs.clear()
    periodic.periodic(name="tests.job", every=timedelta(hours=1))(job)
    if what == "mark":
        connection.ensure_connection()
        tell("running")
        sys.stdin.readline()
    periodic.run_due_jobs(f"child-{os.getpid()}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
