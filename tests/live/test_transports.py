"""The two ways out put the same bytes on the wire, on both servers."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect

from live.transports import DaphneOutlet, Frame, PublicOutlet, UvicornOutlet, outlet_for
from tests.live.outlets import SIZES
from tests.services.ports import accepts, free_port, wait_until

WAYS = {
    ("uvicorn", "private"): UvicornOutlet,
    ("daphne", "private"): DaphneOutlet,
    ("uvicorn", "public"): PublicOutlet,
    ("daphne", "public"): PublicOutlet,
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Iterator[tuple[int, type[PublicOutlet]]]:
    """A server's port and the way out that it should find."""
    port = free_port()
    server, access = request.param
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.live.outlets", server, str(port), access],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: accepts(port), f"{server} on port {port}")
    yield port, WAYS[request.param]
    process.kill()
    process.wait(10)


async def test_frames_are_whole_by_either_way(way: tuple[int, type[PublicOutlet]]) -> None:
    port, wanted = way
    address = f"ws://127.0.0.1:{port}/"
    async with connect(address, max_size=2**20, proxy=None, ping_interval=None) as socket:
        texts = [text async for text in socket]
    assert texts[0] == wanted.__name__
    assert [len(str(text).encode()) for text in texts[1:]] == list(SIZES)
    assert socket.close_code == 1000


async def test_anything_unknown_gets_the_public_way() -> None:
    sent = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    outlet = outlet_for(send)
    assert type(outlet) is PublicOutlet
    assert outlet.try_write(Frame(b"{}")) is False
    await outlet.send(Frame("ä".encode()))
    await outlet.close(4408)
    assert outlet.abort() is False
    assert sent == [
        {"type": "websocket.send", "text": "ä"},
        {"type": "websocket.close", "code": 4408},
    ]


@pytest.mark.parametrize(
    ("size", "head"),
    [(0, "8100"), (125, "817d"), (126, "817e007e"), (65_535, "817effff"),
     (65_536, "817f0000000000010000")],
)  # fmt: skip
def test_frame_has_the_header_of_the_rfc(size: int, head: str) -> None:
    assert Frame(b"x" * size).wire == bytes.fromhex(head) + b"x" * size
