"""The directory with 5,000 organisations and as many people: what a page costs the server.

A page is asked for inside of the process, middleware, session and template included, so that the
figure is the server's time and nothing of the network's. ``python -m benchmarks.directory`` fills
the site that the environment names and prints the figures as JSON; ``run`` has it done on both
databases.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

from benchmarks.tables import Size, figure, table

ORGANISATIONS = 5000
PEOPLE = 5000
AT_ONCE = 500
REQUESTS = 20
PAGES = {
    "all organisations": "/organisations/",
    "one country": "/organisations/?country=PL",
    "country, sector, kind, language": (
        "/organisations/?country=EE&country=FI&sector=MUS&kind=business&language=en"
    ),
    "a word": "/organisations/?q=studio",
    "a rare word": "/organisations/?q=lodz%201001",
    "a table, page 100": "/organisations/?view=table&page=100",
    "all people": "/members/",
    "people: country, sector, language": "/members/?country=EE&sector=MUS&language=et",
    "people: a word": "/members/?q=anna",
    "REST: organisations": "/api/v1/organisations/?country=PL&sector=MUS",
    "REST: their filters": "/api/v1/organisations/facets/?country=PL",
}


def run(size: Size) -> None:
    """Print a table per database."""
    from benchmarks import servers
    from tests.services import Postgres

    with servers.site(1, 0) as site:
        _print("SQLite", json.loads(site.run("-m", "benchmarks.directory", str(size.rounds))))
    with (
        Postgres() as postgres,
        servers.site(1, 0, env={"DATABASE_URL": postgres.create_database()}) as site,
    ):
        _print("PostgreSQL", json.loads(site.run("-m", "benchmarks.directory", str(size.rounds))))


def _print(database: str, found: dict[str, Any]) -> None:
    rows = [
        (name, figure(each["ms"]), each["p95"], figure(each["cpu"]), each["queries"], each["kib"])
        for name, each in found.items()
    ]
    columns = ("page", "server time ms", "p95 ms", "CPU of it ms", "queries", "KiB")
    table(f"{ORGANISATIONS} organisations, {PEOPLE} people, {database}", columns, rows)


def fill() -> int:
    """Make the organisations and people; returns the id of one who reads."""
    from members.consent import QUESTIONS
    from members.models import (
        Consent,
        Member,
        Organisation,
        OrganisationLanguage,
        OrganisationSector,
        ProfileSector,
        SpokenLanguage,
    )
    from members.sectors import sectors
    from members.vocabulary import OrganisationKind
    from server.demo import reading
    from server.demo.people import LANGUAGES

    chance = random.Random(5)  # the same world every time
    countries, codes = list(LANGUAGES), list(sectors())
    kinds, towns = list(OrganisationKind), ["Tartu", "Łódź", "Göteborg", "Калининград", "Rīga"]
    firms = Organisation.objects.bulk_create(
        (
            Organisation(
                name=f"{chance.choice(['Studio', 'Teater', 'Verlag', 'Łódź', 'Öö'])} {number}",
                country=chance.choice(countries),
                kind=chance.choice(kinds),
                town=chance.choice(towns),
            )
            for number in range(ORGANISATIONS)
        ),
        batch_size=AT_ONCE,
    )
    OrganisationSector.objects.bulk_create(
        (
            OrganisationSector(organisation=firm, code=code)
            for firm in firms
            for code in chance.sample(codes, chance.randint(1, 4))
        ),
        batch_size=AT_ONCE,
    )
    OrganisationLanguage.objects.bulk_create(
        (
            OrganisationLanguage(organisation=firm, language=tag)
            for firm in firms
            for tag in {LANGUAGES[firm.country], "en"}
        ),
        batch_size=AT_ONCE,
    )
    names = reading.names()
    people = Member.objects.bulk_create(
        (
            Member(
                email=f"directory{number}@demo.example",
                name=" ".join(chance.choice(names[firm.country])),
                country=firm.country,
                organisation=firm,
                languages=[LANGUAGES[firm.country], "en"],
            )
            for number, firm in zip(range(PEOPLE), firms, strict=False)
        ),
        batch_size=AT_ONCE,
    )
    SpokenLanguage.objects.bulk_create(
        (
            SpokenLanguage(member=each, language=tag, level="C1")
            for each in people
            for tag in each.languages
        ),
        batch_size=AT_ONCE,
    )
    ProfileSector.objects.bulk_create(
        (ProfileSector(member=each, code=chance.choice(codes)) for each in people),
        batch_size=AT_ONCE,
    )
    Consent.objects.bulk_create(
        (
            Consent(member=each, purpose=purpose, version=question.version, language="en")
            for each in people
            for purpose, question in QUESTIONS.items()
        ),
        batch_size=AT_ONCE,
    )
    return people[0].pk


def measured(reader: int, rounds: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Ask for each page so often, after it was asked for once."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from members.models import Member

    client = Client()
    client.force_login(Member.objects.get(pk=reader))
    for name, address in PAGES.items():
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
        yield (
            name,
            {
                **medians,
                "p95": round(sorted(all_ms)[int(len(all_ms) * 0.95)], 1),
                "queries": total,
                "kib": round(len(answer.content) / 1024),
            },
        )


def main() -> None:
    """Fill, measure, print."""
    django.setup()
    from django.conf import settings
    from django.db import connection

    from members.models import SiteSettings

    settings.ALLOWED_HOSTS = ["testserver"]
    SiteSettings.objects.update_or_create(pk=1, defaults={"is_set_up": True})
    reader = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps(dict(measured(reader, int(sys.argv[1])))))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    main()
