"""Signing out in the list of sessions closes live sockets, with Redis and without."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import pytest

from tests.contract.browser import signed_in, submit
from tests.contract.client import Client, assert_signed_out
from tests.contract.conftest import Opens, World
from tests.services import Account

Two = tuple[Account, Account]


@pytest.fixture(params=["layer", "alone"])
async def told(
    request: pytest.FixtureRequest, world: World, opened: Opens, people: Two, room: str
) -> AsyncIterator[None]:
    """Processes that hear of one another, and such that find out by themselves."""
    if request.param == "layer" or world.redis is None:
        yield
        return
    world.redis.kill()
    yield
    world.redis.start()
    # Signals are worth nothing later: who comes next finds processes that hear each other again.
    near, far = [
        await opened(person, at=server)
        for person, server in zip(people, world.servers, strict=True)
    ]
    for client in (near, far):
        await client.follow(room)
    async with asyncio.timeout(20):
        for sender, reader, by in ((near, far, people[0]), (far, near, people[1])):
            typing = {"topic": room, "signal": "typing", "data": {"on": True}}
            is_heard = False
            while not is_heard:
                await sender.send({"cmd": "signal", **typing})
                with suppress(AssertionError):
                    is_heard = bool(await reader.assert_signal(room, "typing", 0.5, by=by.id))


@pytest.mark.usefixtures("told")
async def test_each_and_all_sessions_end_with_their_sockets(world: World, opened: Opens) -> None:
    account = world.person()
    sessions = "/settings/security/sessions/"
    async with AsyncExitStack() as stack:
        here, second, third, fourth = [
            await stack.enter_async_context(signed_in(world.servers[0], account)) for _ in range(4)
        ]
        at = world.servers[-1]

        async def tab(cookie: str) -> Client:
            return await opened(account, at=at, Cookie=cookie, Origin=at.url, Authorization="")

        tabs = [
            await tab(f"sessionid={browser.cookies['sessionid']}")
            for browser in (here, second, third, fourth)
        ]
        program = await opened(account)
        async with world.rest(account) as rest:
            listed = (await rest.get("/api/v1/me/sessions/")).json()["results"]
        # The list begins with what was used last.
        newest = listed[0]["id"]
        answer = await submit(here, sessions, to=f"{sessions}{newest}/")
        assert answer.status_code == 302
        await assert_signed_out([tabs[3]], "one session")
        answer = await submit(here, sessions, to=f"{sessions}others/")
        assert answer.status_code == 302
        await assert_signed_out([tabs[1], tabs[2]], "all other sessions")
        await tabs[0].assert_ok("ping")
        async with world.rest(account) as rest:
            assert (await rest.delete("/api/v1/me/sessions/")).json() == {"ended": 1}
        await assert_signed_out([tabs[0]], "all, by a program")
        await program.assert_ok("ping")
        assert (await here.get("/settings/")).status_code == 302
