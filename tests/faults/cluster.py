"""What is broken: two processes, one uvicorn and one Daphne, over PostgreSQL and Redis."""

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

import httpx

from tests.services import Account, Postgres, Redis, ServerProcess, Site

PEOPLE = 400


class Cluster:
    """A site with its processes, one channel, and people nobody has used yet.

    Attributes:
        rest: For any address; made and closed by :meth:`open` and :meth:`close`.
        owner: Owns the channel, moderates it, and takes part in nothing else.
        topic: The channel's topic.
    """

    rest: httpx.AsyncClient
    topic: str

    def __init__(
        self,
        site: Site,
        servers: Sequence[ServerProcess],
        postgres: Postgres | None = None,
        redis: Redis | None = None,
    ) -> None:
        self.site, self.servers = site, list(servers)
        self._postgres, self._redis = postgres, redis
        self.owner, *self._people = site.people(PEOPLE)

    @property
    def postgres(self) -> Postgres:
        """Its database server."""
        assert self._postgres is not None
        return self._postgres

    @property
    def redis(self) -> Redis:
        """Its Redis."""
        assert self._redis is not None
        return self._redis

    def take(self, number: int) -> list[Account]:
        """So many people who have done nothing yet."""
        found, self._people = self._people[:number], self._people[number:]
        assert len(found) == number, "PEOPLE is too small"
        return found

    async def open(self) -> None:
        """A channel of this run's own."""
        self.rest = httpx.AsyncClient(timeout=10, trust_env=False)
        data = {"name": "A busy room", "purpose": "", "is_public": True}
        self.topic = (await self.command(self.owner, "channel.create", "", **data))["topic"]

    async def close(self) -> None:
        """Everything runs again, for whoever comes next."""
        await self.rest.aclose()
        if self._redis is not None:
            self._redis.thaw()
            await asyncio.to_thread(self._redis.start)
        if self._postgres is not None:
            await asyncio.to_thread(self._postgres.start)
        for server in self.servers:
            if not server.is_running:
                await asyncio.to_thread(server.start)

    async def enter(self, accounts: Sequence[Account]) -> None:
        """Let people join the channel."""
        for account in {account.id: account for account in accounts}.values():
            await self.command(account, "channel.join", self.topic)

    async def command(self, account: Account, cmd: str, topic: str, **data: Any) -> dict[str, Any]:
        """A write over REST, sent with one key to one process after the other until it is done."""
        body = {"ref": 1, "cmd": cmd, "topic": topic, "key": str(uuid.uuid4()), "data": data}
        headers = {"Authorization": f"Bearer {account.token}"}
        said = ""
        for server in self.servers * 20:
            try:
                answer = await self.rest.post(
                    f"{server.url}/api/v1/commands/", json=body, headers=headers
                )
            except httpx.HTTPError as error:
                said = repr(error)
            else:
                if answer.status_code == 200:
                    ok: dict[str, Any] = answer.json()["ok"]
                    return ok
                said = answer.text[:300]
                if answer.status_code < 429:
                    break
            await asyncio.sleep(0.25)
        message = f"{cmd}: {said}"
        raise RuntimeError(message)
