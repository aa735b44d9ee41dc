"""Tasks for the tests; what they do is told through ``ran`` and events."""

import threading
from datetime import timedelta

from django.db import connection
from django_tasks import task

from base.errors import NotFound, Unavailable
from jobs.models import Job
from jobs.retrying import retrying

UNSTORABLE = "broken \0 \ud800"

ran: list[str] = []
done = threading.Event()
release = threading.Event()


@task()
def note(word: str) -> str:
    ran.append(word)
    done.set()
    return word


@task()
def fail_once() -> None:
    ran.append("fail_once")
    raise ValueError(UNSTORABLE)


@task()
@retrying(attempts=3, first_delay=timedelta(seconds=10))
def fail_thrice() -> None:
    ran.append("fail_thrice")
    raise ConnectionRefusedError


@task()
@retrying(attempts=3)
def refuse() -> None:
    raise NotFound


@task()
@retrying(attempts=3)
def refuse_for_now() -> None:
    raise Unavailable


@task()
def leave_the_process() -> None:
    raise SystemExit(3)


@task()
def hang() -> None:
    done.set()
    release.wait(30)


def rename(table: str, name: str) -> None:
    """To whoever uses the table, the database is away."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")


@task()
def lose_the_table() -> None:
    if not ran:
        rename(Job._meta.db_table, "away")
    ran.append("lose_the_table")


@task(priority=50)
def urgent() -> None:
    ran.append("urgent")


@task()
async def note_later(word: str) -> None:
    ran.append(word)
