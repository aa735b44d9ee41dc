"""The processes that are broken, started once for all faults and mended after each."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.cluster import Cluster
from tests.services import Postgres, Redis, Site

logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture(scope="session", params=["pubsub", "core"])
def cluster(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """uvicorn and Daphne over PostgreSQL, Redis, and one of the two layers."""
    if why := Postgres.missing() or Redis.missing():
        pytest.skip(why)
    with ExitStack() as stack:
        postgres, redis = stack.enter_context(Postgres()), stack.enter_context(Redis())
        site = Site.on_postgres(
            tmp_path_factory.mktemp("cluster"),
            postgres,
            redis_url=redis.url,
            REDIS_LAYER=request.param,
        )
        servers = [site.server(kind) for kind in ("uvicorn", "daphne")]
        for server in servers:
            stack.push(server)
            server.start(wait=False)
        made = Cluster(site, servers, postgres, redis)
        for server in servers:
            server.wait_ready()
        yield made


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One process on SQLite."""
    site = Site.on_sqlite(tmp_path_factory.mktemp("embedded"))
    with site.server() as server:
        yield Cluster(site, [server])
