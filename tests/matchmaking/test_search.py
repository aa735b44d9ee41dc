"""Requests and messages are found together, each kind by a query of its own."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.grammar import parse
from search.queries import find
from search.registry import sources
from tests.matchmaking.requesting import make_world
from tests.search.conftest import found, index, room, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(settings: Any) -> tuple[Any, list[tuple[str, int]]]:
    """Who reads, and what there is to read by turns of both kinds, newest first."""
    settings.LIVE = {"writes_per_s": 10_000, "burst": 10_000}
    world = make_world()
    other = world.people["other"]
    channel = room(other)
    made = []
    for n in range(3):
        made.append(("message", say(other, channel, f"A loom, {n}")))
        made.append(("request", world.post(title=f"A loom, {n}")))
    index()
    index("request")
    return other, made[::-1]


def test_both_kinds_are_one_list_over_pages(both: Any) -> None:
    reader, made = both
    got, after = [], None
    while True:
        results = find(reader, parse("loom"), after=after, limit=4)
        got.append([(each.kind, each.found.id) for each in results.results])
        after = results.after
        if after is None:
            break
    assert got == [made[:4], made[4:]]
    assert found(reader, "loom in:Harbour") == [pk for kind, pk in made if kind == "message"]


def test_no_query_asks_for_two_kinds(both: Any) -> None:
    """In one condition of several kinds PostgreSQL reads every message for each that it finds."""
    reader, _ = both
    with CaptureQueriesContext(connection) as queries:
        find(reader, parse("loom"))
    asked = [each["sql"] for each in queries if 'FROM "search_entry"' in each["sql"]]
    assert [sql.count('"search_entry"."kind" = ') for sql in asked] == [1] * len(sources())
