"""The twenty-first socket, and a server that goes without losing anything."""

import asyncio
import time

import httpx
import pytest
import websockets

from tests.contract.client import new_key
from tests.contract.conftest import Opens, World
from tests.services import Account

Two = tuple[Account, Account]


async def test_twenty_first_socket_ends_the_one_longest_without_a_write(
    opened: Opens, world: World
) -> None:
    account = world.person()
    at = world.servers[0]
    room = await world.channel(account)
    tabs = [await opened(account, at=at) for _ in range(20)]
    await tabs[0].post(room, "this tab is in use")
    newest = await opened(account, at=at)
    assert await tabs[1].closed() == 4409
    for tab in (tabs[0], *tabs[2:], newest):
        await tab.assert_ok("ping")


async def test_server_that_goes_answers_what_is_under_way(
    world: World, people: Two, room: str
) -> None:
    server = world.site.server(world.kind)
    with server:
        async with (
            world.socket(people[0], at=server) as writer,
            world.socket(people[1], at=server) as idle,
        ):
            await idle.follow(room)
            keys = [new_key() for _ in range(16)]
            refs = [
                await writer.push(
                    "message.post", topic=room, key=key, data={"text": "**last** words"}
                )
                for key in keys
            ]
            # All that was pushed is read by the server before it hears of its end.
            await writer.assert_ok("ping")
            server.terminate()
            started = time.monotonic()
            for client in (writer, idle):
                assert await client.closed(12) == 1012
                bye = next(m["bye"] for m in client.messages if "bye" in m)
                assert set(bye) == {"retry_ms"}
                assert 0 <= bye["retry_ms"] <= 5000
            acked = [(await writer.reply(ref))["ok"]["seq"] for ref in refs]
        exit_code = await asyncio.to_thread(server.wait, 12)
        assert time.monotonic() - started < 10
        assert exit_code in {0, -15}
    async with world.rest(people[0], at=world.servers[0]) as rest:
        log = (await rest.get(f"/api/v1/topics/{room}/events/?since=3")).json()
    kept = {event["key"]: event["seq"] for event in log["events"] if event["key"] in keys}
    assert kept == dict(zip(keys, acked, strict=True))


async def test_server_that_goes_takes_nobody_in(world: World) -> None:
    server = world.site.server(world.kind)
    with server:
        server.terminate()
        await asyncio.to_thread(server.wait, 12)
    account = world.person()
    with pytest.raises((OSError, websockets.InvalidHandshake)):
        async with world.socket(account, at=server):
            pass
    with pytest.raises(httpx.TransportError):
        async with world.rest(account, at=server) as rest:
            await rest.get("/healthz")


async def test_client_that_was_away_resumes_on_another_process(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    reader, writer = people[1], await opened(people[0])
    async with world.socket(reader, at=world.servers[0]) as before:
        known = await before.follow(room)
        await writer.post(room, "one")
        await before.assert_event(room, known["seq"] + 1)
    for n in range(10):
        await writer.post(room, f"while away {n}")
    after = await opened(reader, at=world.servers[-1])
    reply = await after.follow(room, since=known["seq"] + 1, epoch=known["epoch"])
    assert reply["resync"] is False
    await after.wait_for(lambda m: m.get("seq") == known["seq"] + 11, "the last")
    assert after.seqs(room) == list(range(known["seq"] + 2, known["seq"] + 12))
