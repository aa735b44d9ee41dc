"""The channel layer is a shortcut: whatever it does, events arrive and sockets stay open.

Two processes on one database; the writer is on one, the reader on the other. A hint delivers at
once, the tick within about a second; what Redis does may cost the difference and nothing else.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass

import httpx
import pytest
from channels_redis.core import RedisChannelLayer

from tests.contract.client import Client, new_key
from tests.services import Account, Redis, ServerProcess, Site

pytestmark = pytest.mark.redis
# The tick takes up to a second; the rest is for a machine that does other things, too.
TICK_S = 2.5


@dataclass
class Pair:
    """Two processes and their Redis."""

    site: Site
    redis: Redis
    servers: list[ServerProcess]
    people: Iterator[Account]


@pytest.fixture(scope="module", params=["pubsub", "core"])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    """The processes, with either layer."""
    if why := Redis.missing():
        pytest.skip(why)
    with ExitStack() as stack:
        redis = stack.enter_context(Redis())
        folder = tmp_path_factory.mktemp("layers")
        site = Site.on_sqlite(folder, redis_url=redis.url, REDIS_LAYER=request.param)
        people = iter(site.people(40))
        servers = [site.server() for _ in range(2)]
        for server in servers:
            stack.enter_context(server)
        yield Pair(site, redis, servers, people)
        for server in servers:
            assert server.is_running


@dataclass
class Talk:
    """Somebody who writes on one process, somebody who reads on the other."""

    writer: Client
    reader: Client
    topic: str
    seq: int

    async def delay(self, text: str) -> float:
        """Seconds from the acknowledgement of a write to its event at the reader."""
        self.seq = (await self.writer.post(self.topic, text))["ok"]["seq"]
        started = time.monotonic()
        await self.reader.wait_for(lambda m: m.get("seq") == self.seq, text)
        return time.monotonic() - started


@pytest.fixture
async def talk(pair: Pair) -> AsyncIterator[Talk]:
    """The two, in a room of their own; in the end both sockets are open and nothing is missing."""
    author, reader = next(pair.people), next(pair.people)
    headers = {"Authorization": f"Bearer {author.token}"}
    pair.redis.start()
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(
            httpx.AsyncClient(base_url=pair.servers[0].url, headers=headers, trust_env=False)
        )

        async def command(cmd: str, topic: str, **data: object) -> str:
            body = {"ref": 1, "cmd": cmd, "topic": topic, "key": new_key(), "data": data}
            answer = await rest.post("/api/v1/commands/", json=body)
            return str(answer.json()["ok"]["topic"])

        topic = await command("channel.create", "", name="A room", is_public=False)
        await command("member.add", topic, member=reader.id)
        clients = [
            await stack.enter_async_context(
                Client(server.live_url, {"Authorization": f"Bearer {account.token}"})
            )
            for server, account in zip(pair.servers, (author, reader), strict=True)
        ]
        start = (await clients[1].follow(topic))["seq"]
        found = Talk(clients[0], clients[1], topic, start)
        yield found
        for client in clients:
            await client.assert_ok("ping")
        assert found.reader.seqs(topic) == list(range(start + 1, found.seq + 1))


async def quickest(talk: Talk, count: int = 8) -> float:
    """The least delay of some writes, at odd times so that no tick can be meant."""
    delays = []
    for number in range(count):
        delays.append(await talk.delay(f"number {number}"))
        await asyncio.sleep(0.13)
    return min(delays)


async def test_hint_is_quicker_than_the_tick(talk: Talk) -> None:
    assert await quickest(talk) < 0.2


async def test_idle_layer_still_gives_hints(pair: Pair, talk: Talk) -> None:
    """redis-py 8 ends sockets that idle for 5 s unless it is told not to."""
    await asyncio.sleep(7)
    assert await quickest(talk) < 0.2
    for server in pair.servers:
        assert "layer does not receive" not in server.text()


async def test_wiped_redis_costs_a_tick_and_hints_come_back(pair: Pair, talk: Talk) -> None:
    pair.redis.flush()
    assert await talk.delay("right after the wipe") < TICK_S
    end = time.monotonic() + 40
    while await quickest(talk, 4) > 0.2:
        assert time.monotonic() < end, "hints did not come back"


async def test_reconnect_of_the_layer_loses_hints_and_no_event(pair: Pair, talk: Talk) -> None:
    for number in range(10):
        pair.redis.drop_connections()
        assert await talk.delay(f"during reconnect {number}") < TICK_S


async def test_redis_away_costs_a_tick(pair: Pair, talk: Talk) -> None:
    pair.redis.kill()
    for number in range(6):
        assert await talk.delay(f"without Redis {number}") < TICK_S
    pair.redis.start()
    end = time.monotonic() + 40
    while await quickest(talk, 4) > 0.2:
        assert time.monotonic() < end, "hints did not come back"


async def test_redis_that_hangs_costs_a_tick(pair: Pair, talk: Talk) -> None:
    pair.redis.freeze()
    try:
        for number in range(6):
            assert await talk.delay(f"Redis hangs {number}") < TICK_S
    finally:
        pair.redis.thaw()


async def test_full_layer_drops_hints_and_no_event(pair: Pair, talk: Talk) -> None:
    """The core layer drops silently at 100 messages: here while the reader stands still."""
    reading = pair.servers[1].pid
    os.kill(reading, signal.SIGSTOP)
    try:
        layer = RedisChannelLayer(hosts=[pair.redis.url], prefix="ports")
        for _ in range(150):
            await layer.group_send("live", {"type": "live", "from": "", "heads": {}, "said": []})
        await layer.close_pools()
        talk.seq = (await talk.writer.post(talk.topic, "unhinted"))["ok"]["seq"]
    finally:
        os.kill(reading, signal.SIGCONT)
    started = time.monotonic()
    await talk.reader.wait_for(lambda m: m.get("seq") == talk.seq, "unhinted")
    assert time.monotonic() - started < TICK_S
    assert await quickest(talk) < 0.2


async def test_revoked_token_ends_its_sockets_without_redis(pair: Pair, talk: Talk) -> None:
    pair.redis.kill()
    account = next(pair.people)
    headers = {"Authorization": f"Bearer {account.token}"}
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(Client(server.live_url, headers))
            for server in pair.servers
        ]
        await asyncio.to_thread(pair.site.manage, "token", "--revoke", account.token)
        for socket in sockets:
            assert await socket.closed(2) == 4401
