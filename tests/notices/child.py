"""Gathers in a process of its own, when told: ``python -m tests.notices.child DATABASE``.

It takes no lease, as a worker does whose lease has run out while it still works.
"""

import sys

import django
from django.db import DatabaseError, connection


def tell(word: str) -> None:
    """Let the parent know."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(database: str) -> None:
    """Gather until nothing is left, beginning anew after a collision, as the worker would."""
    django.setup()
    connection.settings_dict["NAME"] = database
    from jobs.periodic import _jobs

    job = _jobs["chat.notices"]
    assert job.needed is not None
    connection.ensure_connection()
    tell("ready")
    sys.stdin.readline()
    collisions = 0
    while job.needed():
        try:
            job.run()
        except DatabaseError:
            collisions += 1
    tell(f"done {collisions}")


if __name__ == "__main__":
    main(sys.argv[1])
