"""Signing out in the list of sessions closes live sockets, with Redis and without."""

from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tests.contract.browser import signed_in, submit
from tests.contract.client import Client, assert_signed_out
from tests.contract.conftest import Opens, World


@pytest.fixture(params=["layer", "alone"])
def told(request: pytest.FixtureRequest, world: World) -> Iterator[None]:
    """Processes that hear of one another, and such that find out by themselves."""
    if request.param == "alone" and world.redis is not None:
        world.redis.kill()
    yield
    if world.redis is not None:
        world.redis.start()


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
