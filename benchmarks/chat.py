"""A channel of 100,000 messages: what opening it costs the server, in time, bytes and queries.

Asked for inside of the process, middleware, session and template included, as in
``benchmarks.directory``. ``python -m benchmarks.chat`` fills the site that the environment names
and prints the figures as JSON; ``run`` has it done on both databases. Every hundredth message has
a thread, every tenth a reaction, every fiftieth names somebody.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django

from benchmarks.tables import Size, figure, table

MESSAGES = 100_000
PEOPLE = 200
AT_ONCE = 2_000
REQUESTS = 20
PAGES = {
    "the newest, page": "/chat/{id}/",
    "around one in the middle, page": "/chat/{id}/?message={middle}",
    "a day in the middle, page": "/chat/{id}/?date={day}",
    "a thread, page": "/chat/{id}/t/{root}/",
    "the newest, REST": "/api/v1/channels/{id}/messages/",
    "before one in the middle, REST": "/api/v1/channels/{id}/messages/?before={middle}",
    "snapshot": "/api/v1/topics/chat:{id}/",
}


def run(size: Size) -> None:
    """Print a table per database."""
    from benchmarks import servers
    from tests.services import Postgres

    with servers.site(1, 0) as site:
        _print("SQLite", json.loads(site.run("-m", "benchmarks.chat", str(size.rounds))))
    with (
        Postgres() as postgres,
        servers.site(1, 0, env={"DATABASE_URL": postgres.create_database()}) as site,
    ):
        _print("PostgreSQL", json.loads(site.run("-m", "benchmarks.chat", str(size.rounds))))


def _print(database: str, found: dict[str, Any]) -> None:
    rows = [
        (name, figure(each["ms"]), each["p95"], figure(each["cpu"]), each["queries"], each["kib"])
        for name, each in found.items()
    ]
    columns = ("what", "server time ms", "p95 ms", "CPU of it ms", "queries", "KiB")
    table(f"A channel of {MESSAGES:,} messages, {database}", columns, rows)


def fill() -> tuple[int, dict[str, Any]]:
    """Make the channel; the id of a reader, and what the addresses name."""
    from base.clock import now
    from base.text import render
    from chat.actions.channels import create_channel
    from chat.models import Membership, Mention, Message, Reaction
    from live.models import Topic
    from live.units import unit
    from members.models import Member

    people = Member.objects.bulk_create(
        Member(email=f"chat{number}@demo.example", name=f"Reader {number}", country="EE")
        for number in range(PEOPLE)
    )
    with unit():
        channel: Any = create_channel(
            actor=people[0], name="Long", purpose="", is_public=True
        ).subject
    Membership.objects.bulk_create(Membership(channel=channel, member=each) for each in people[1:])
    begun = now() - timedelta(days=400)
    texts = [f"Message about **ink** and paper, number {number}" for number in range(50)]
    htmls = [render(text) for text in texts]
    first = 10
    for start in range(0, MESSAGES, AT_ONCE):
        rows = Message.objects.bulk_create(
            Message(
                channel=channel,
                seq=first + number,
                nth=number + 1,
                author=people[number % PEOPLE],
                text=texts[number % 50],
                html=htmls[number % 50],
                language="en",
                posted_at=begun + timedelta(minutes=5 * number),
            )
            for number in range(start, start + AT_ONCE)
        )
        Reaction.objects.bulk_create(
            Reaction(message=row, member=people[1], emoji="🎭") for row in rows[::10]
        )
        Mention.objects.bulk_create(
            Mention(message=row, kind="member", member=people[2]) for row in rows[::50]
        )
        for row in rows[::100]:
            row.replies, row.replied_at, row.repliers = 3, row.posted_at, [people[3].pk]
        Message.objects.bulk_update(rows[::100], ["replies", "replied_at", "repliers"])
    roots = Message.objects.filter(channel=channel, replies__gt=0).order_by("pk")
    seq = first + MESSAGES
    threads = [(root, place) for root in roots for place in range(3)]
    Message.objects.bulk_create(
        (
            Message(
                channel=channel,
                seq=seq + number,
                nth=MESSAGES,
                author=people[3],
                text=texts[0],
                html=htmls[0],
                thread=root,
                posted_at=root.posted_at,
            )
            for number, (root, _place) in enumerate(threads)
        ),
        batch_size=AT_ONCE,
    )
    Topic.objects.filter(name=channel.topic).update(seq=seq + len(threads))
    middle = Message.objects.filter(channel=channel, thread=None).order_by("pk")[MESSAGES // 2]
    root = roots[len(threads) // 6]
    return people[0].pk, {
        "id": channel.pk,
        "middle": middle.pk,
        "day": middle.posted_at.date().isoformat(),
        "root": root.pk,
    }


def measured(reader: int, names: dict[str, Any], rounds: int) -> Iterator[tuple[str, Any]]:
    """Ask for each page so often, after it was asked for once."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from members.models import Member

    client = Client()
    client.force_login(Member.objects.get(pk=reader))
    for name, pattern in PAGES.items():
        address = pattern.format(**names)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        total = len(queries)
        medians: dict[str, list[float]] = {"ms": [], "cpu": []}
        all_ms: list[float] = []
        for _ in range(rounds):
            taken: dict[str, list[float]] = {"ms": [], "cpu": []}
            for _ in range(REQUESTS):
                begun, used = time.perf_counter(), time.thread_time()
                client.get(address)
                taken["ms"].append((time.perf_counter() - begun) * 1000)
                taken["cpu"].append((time.thread_time() - used) * 1000)
            for what, values in taken.items():
                medians[what].append(statistics.median(values))
            all_ms += taken["ms"]
        p95 = round(sorted(all_ms)[int(len(all_ms) * 0.95)], 1)
        kib = round(len(answer.content) / 1024)
        yield name, {**medians, "p95": p95, "queries": total, "kib": kib}


def main() -> None:
    """Fill, measure, print."""
    django.setup()
    from django.conf import settings
    from django.db import connection

    from members.models import SiteSettings

    settings.ALLOWED_HOSTS = ["testserver"]
    SiteSettings.objects.update_or_create(pk=1, defaults={"is_set_up": True})
    reader, names = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps(dict(measured(reader, names, int(sys.argv[1])))))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    main()
