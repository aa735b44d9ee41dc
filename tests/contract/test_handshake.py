"""Connecting: who gets a socket, what it says first, and that nothing is compressed."""

import websockets
from websockets.asyncio.client import connect

from live import limits
from tests.contract.browser import signed_in
from tests.contract.conftest import Opens, World
from tests.services import Account


async def status(world: World, path: str = "", **headers: str) -> int:
    """The HTTP status that a handshake is answered with; 101 for a socket."""
    server = world.servers[-1]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = server.live_url + path
    try:
        async with connect(url, additional_headers=named, proxy=None, open_timeout=20):
            return 101
    except websockets.InvalidStatus as refused:
        return refused.response.status_code


def bearer(account: Account) -> str:
    return f"Bearer {account.token}"


async def test_server_speaks_first_and_says_hello(world: World, opened: Opens) -> None:
    account = world.person()
    client = await opened(account)
    build = client.hello["build"]
    assert client.messages[0] == {
        "hello": {
            "protocol": 1,
            "member": account.id,
            "build": build,
            "beat_s": 25,
            "limits": {
                "frame_bytes": 65536,
                "writes_per_s": 10,
                "burst": 30,
                "in_flight": 16,
                "topics": 200,
                "window_events": 256,
            },
        }
    }
    assert isinstance(build, str)
    assert build != ""


async def test_nobody_is_refused_with_403(world: World) -> None:
    account = world.person()
    assert await status(world) == 403
    assert await status(world, Authorization="Bearer cp_nobody") == 403
    assert await status(world, Authorization=f"Basic {account.token}") == 403
    assert await status(world, Cookie="sessionid=nobody", Origin="http://127.0.0.1:1") == 403


async def test_token_in_the_address_counts_for_nothing(world: World) -> None:
    account = world.person()
    assert await status(world, f"?token={account.token}&access_token={account.token}") == 403


async def test_foreign_origin_is_refused_with_403(world: World) -> None:
    account = world.person()
    port = world.servers[-1].port
    for origin in (
        "http://evil.example",
        "null",
        f"https://127.0.0.1:{port}",
        f"http://127.0.0.1:{port + 1}",
        f"http://127.0.0.1.evil.example:{port}",
        f"http://localhost:{port}",
    ):
        assert await status(world, Authorization=bearer(account), Origin=origin) == 403, origin
    own = f"http://127.0.0.1:{port}"
    assert await status(world, Authorization=bearer(account), Origin=own) == 101


async def test_session_cookie_needs_the_own_origin(world: World) -> None:
    server = world.servers[-1]
    async with signed_in(server, world.person()) as browser:
        cookie = f"sessionid={browser.cookies['sessionid']}"
        assert await status(world, Cookie=cookie, Origin=server.url) == 101
        assert await status(world, Cookie=cookie) == 403
        assert await status(world, Cookie=cookie, Origin="http://evil.example") == 403


async def test_refused_client_learns_from_me_why(world: World) -> None:
    account = world.person()
    async with world.rest(None) as nobody, world.rest(account) as somebody:
        assert (await nobody.get("/api/v1/me/")).status_code in {401, 403}
        answer = await somebody.get("/api/v1/me/")
        assert (answer.status_code, answer.json()["id"]) == (200, account.id)


async def test_deflate_is_not_negotiated_even_if_offered(world: World, opened: Opens) -> None:
    client = await opened(world.person())
    assert client.extensions is None


def test_announced_limits_are_those_that_hold() -> None:
    assert (limits.FRAME_BYTES_IN, limits.WAITING, limits.WINDOW_EVENTS) == (65536, 64, 256)
