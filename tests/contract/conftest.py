"""The four combinations that the contract holds on, each with its processes and its people."""

import json
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import httpx
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.contract.client import Client, new_key
from tests.services import Account, Postgres, Redis, ServerProcess, Site

PEOPLE = 260
COMBINATIONS = {
    f"{database}-{kind}": (database, kind)
    for database in ("sqlite", "postgres")
    for kind in ("uvicorn", "daphne")
}


class _ByCombination(LoadScopeScheduling):
    """All tests of a combination in one worker, so that each is started once."""

    def _split_scope(self, nodeid: str) -> str:
        found = [name for name in COMBINATIONS if name in nodeid]
        return found[0] if found else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Spread the combinations over the workers."""
    return _ByCombination(config, log)


@dataclass
class World:
    """One combination: a site, the processes that serve it, and people nobody has used yet."""

    site: Site
    kind: str
    servers: list[ServerProcess]
    _people: Iterator[Account]
    _next: Iterator[ServerProcess]
    _operator: subprocess.Popen[str]
    redis: Redis | None = None

    def person(self) -> Account:
        """Somebody who has done nothing yet."""
        return next(self._people)

    def socket(
        self,
        account: Account,
        *,
        at: ServerProcess | None = None,
        sees: bool = True,
        **headers: str,
    ) -> Client:
        """A socket of that account, at the next process in turn."""
        known = {"Authorization": f"Bearer {account.token}"} | headers
        return Client((at or next(self._next)).live_url, known, sees=sees)

    def rest(
        self, account: Account | None, *, at: ServerProcess | None = None
    ) -> httpx.AsyncClient:
        """A program of that account, or a stranger's, at the next process in turn."""
        headers = {"Authorization": f"Bearer {account.token}"} if account else {}
        return httpx.AsyncClient(
            base_url=(at or next(self._next)).url, headers=headers, timeout=30, trust_env=False
        )

    async def command(self, account: Account, cmd: str, topic: str, **data: Any) -> dict[str, Any]:
        """A write over REST that must succeed; its ``ok``."""
        body = {"ref": 1, "cmd": cmd, "topic": topic, "key": new_key(), "data": data}
        async with self.rest(account) as rest:
            answer = await rest.post("/api/v1/commands/", json=body)
        assert answer.status_code == 200, answer.text
        ok: dict[str, Any] = answer.json()["ok"]
        return ok

    async def channel(self, owner: Account, *others: Account, is_public: bool = False) -> str:
        """A new channel with these people in it; its topic."""
        made = await self.command(owner, "channel.create", "", name="A room", is_public=is_public)
        topic: str = made["topic"]
        for other in others:
            await self.command(owner, "member.add", topic, member=other.id)
        return topic

    def operate(self, what: str, *arguments: Any) -> Any:
        """Let a process that serves nobody write: see ``tests/contract/filling.py``."""
        assert self._operator.stdin is not None
        assert self._operator.stdout is not None
        self._operator.stdin.write(json.dumps([what, *arguments]) + "\n")
        self._operator.stdin.flush()
        return json.loads(self._operator.stdout.readline())


@pytest.fixture(scope="session", params=COMBINATIONS)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Processes of this combination, running."""
    database, kind = COMBINATIONS[request.param]
    folder = tmp_path_factory.mktemp(f"{database}-{kind}")
    with ExitStack() as stack:
        redis = None
        if database == "postgres":
            for service in (Postgres, Redis):
                if why := service.missing():
                    pytest.skip(why)
            redis = stack.enter_context(Redis())
            postgres = stack.enter_context(Postgres())
            site = Site.on_postgres(folder, postgres, redis_url=redis.url)
        else:
            site = Site.on_sqlite(folder)
        servers = [site.server(kind) for _ in range(2 if redis else 1)]
        for server in servers:
            stack.push(server)
            server.start(wait=False)
        people = site.people(PEOPLE)
        operator = stack.enter_context(site.process("-m", "tests.contract.filling"))
        for server in servers:
            server.wait_ready()
        yield World(site, kind, servers, iter(people), cycle(servers), operator, redis)
    told = [line for server in servers for line in _failures(server.text())]
    assert told == []


def _failures(log: str) -> list[dict[str, Any]]:
    """The lines of our own loggers that say a bug showed itself."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [
        line
        for line in lines
        if line.get("level") in {"error", "critical"}
        and not str(line.get("logger")).startswith(("uvicorn", "daphne", "channels_redis"))
    ]


Opens = Callable[..., Awaitable[Client]]


@pytest.fixture
async def opened(world: World) -> AsyncIterator[Opens]:
    """``await opened(account)`` opens a socket that is closed when the test ends."""
    async with AsyncExitStack() as stack:

        async def open_socket(account: Account, **options: Any) -> Client:
            return await stack.enter_async_context(world.socket(account, **options))

        yield open_socket


@pytest.fixture
def people(world: World) -> tuple[Account, Account]:
    """Two who have done nothing yet."""
    return world.person(), world.person()


@pytest.fixture
async def room(world: World, people: tuple[Account, Account]) -> str:
    """The topic of a private channel with those two; the first owns it."""
    return await world.channel(*people)
