"""Every page and endpoint takes as many queries for three of anything as for one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from files import limits
from members.models import Member, SiteSettings
from tests.costs.addresses import ADDRESSES, NOTHING_THERE
from tests.costs.world import World, new_world
from tests.files.conftest import folder
from tests.members.signing import trusted

__all__ = ["folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]
OURS = Path(__file__).resolve().parent.parent.parent
Costs = dict[tuple[str, str], tuple[int, int]]
MOST = 72


def routes(patterns: Any = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Every route with the module of its view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback.__module__
        else:
            yield from routes(pattern.url_patterns, route)


def own_routes() -> set[str]:
    """The routes whose view is ours."""
    return {
        route
        for route, module in routes()
        if (OURS / module.partition(".")[0]).is_dir() and not route.startswith("admin/")
    }


@pytest.fixture(autouse=True)
def _unhurried(settings: Any, tmp_path: Path) -> None:
    """Nobody is too fast here, and copies have a folder of their own."""
    settings.LIVE = {"writes_per_s": 10_000, "burst": 10_000}
    settings.EXPORT_ROOT = tmp_path / "exports"
    SiteSettings.objects.create(pk=1, is_set_up=True)


def browser(member: Member) -> Client:
    """A browser of the member in which the password was just said."""
    client = Client()
    client.force_login(member)
    return trusted(client)


def read(client: Client, address: str) -> tuple[int, int]:
    """What an address answers, read to its end, and how many queries it took."""
    connection.queries_log.clear()  # it holds 9,000 at most
    with CaptureQueriesContext(connection) as queries:
        answer: HttpResponseBase = client.get(address)
        # What comes in pieces asks while it is read; files have no more to ask.
        if answer.streaming and not answer.is_async:  # type: ignore[attr-defined]
            list(answer)
    return answer.status_code, len(queries)


def walk(world: World, *readers: str) -> Costs:
    """What each address answers and costs, by address and reader."""
    found: Costs = {}
    for reader in readers:
        client = browser(getattr(world, reader))
        for asked in ADDRESSES.values():
            for address in asked:
                found[address, reader] = read(client, f"/{address.format(**world.names)}")
    return found


def test_every_route_is_known() -> None:
    known = {route for route, _module in routes()}
    assert own_routes() - ADDRESSES.keys() == set(), "say in addresses.py how it is asked"
    assert ADDRESSES.keys() - known == set(), "no such route any more"


@pytest.mark.slow
def test_no_address_costs_more_for_three_than_for_one() -> None:
    world = new_world()
    limits.announcements._buckets.clear()
    world.grow()
    walk(world, "owner")  # what is asked once per process
    one = walk(world, "owner", "member")
    world.grow()
    world.grow()
    three = walk(world, "owner", "member")
    answers = {address: said for (address, reader), (said, _) in one.items() if reader == "owner"}
    wrong = {a: said for a, said in answers.items() if said != NOTHING_THERE.get(a, 200)}
    assert wrong == {}, "the world does not hold what this address shows"
    differ = {key: (one[key], three[key]) for key in one if one[key] != three[key]}
    assert differ == {}
    assert {key: cost for key, (_, cost) in three.items() if cost > MOST} == {}
    client = browser(world.owner)
    writes = [route for route, asked in ADDRESSES.items() if not asked]
    found = {route: client.get(_filled(route)).status_code for route in writes}
    assert found == dict.fromkeys(writes, 405)


def _filled(route: str) -> str:
    """A route with something of the right kind in each place."""
    parts = []
    for part in route.split("/"):
        kind = part.partition(":")[0]
        values = {"<int": "1", "<uuid": "0b6f5a52-0000-4000-8000-000000000000", "<str": "x"}
        parts.append(values.get(kind, part))
    return "/" + "/".join(parts)
