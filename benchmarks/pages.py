"""Pages and REST addresses asked for inside of one process: server time, queries and bytes."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import django

from benchmarks.tables import figure, table

REQUESTS = 20


def main(fill: Callable[[], tuple[int, Mapping[str, str]]]) -> None:
    """Fill the site that the environment names, ask it, print the figures as JSON.

    Args:
        fill: Makes the data; the id of the member who asks, and the addresses by name of the row.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection

    from members.models import SiteSettings

    settings.ALLOWED_HOSTS = ["testserver"]
    SiteSettings.objects.update_or_create(pk=1, defaults={"is_set_up": True})
    reader, addresses = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps(dict(_measured(reader, addresses, int(sys.argv[1])))))


def _measured(
    reader: int, addresses: Mapping[str, str], rounds: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and figures of each address, asked for so often after it was asked for once."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from members.models import Member

    client = Client()
    client.force_login(Member.objects.get(pk=reader))
    for name, address in addresses.items():
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


def print_pages(title: str, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Print a table of what :func:`main` gave."""
    rows = [
        (name, figure(each["ms"]), each["p95"], figure(each["cpu"]), each["queries"], each["kib"])
        for name, each in found.items()
    ]
    columns = ("page", "server time ms", "p95 ms", "CPU of it ms", "queries", "KiB")
    table(title, columns, rows)
