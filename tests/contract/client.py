"""A client of the protocol that tests speak through, in the words of Phoenix's ChannelTest.

It knows the contract and nothing of the server. All that came is kept in order in ``messages``;
waiting looks through what came already first, so no test has to be quicker than the server.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import websockets
from websockets.asyncio.client import ClientConnection, connect

FRAME_OUT = 256 * 1024
PATIENCE_S = 30
"""How long one waits for what must come: long enough for a machine that has other things to do."""
Message = dict[str, Any]


def new_key() -> str:
    """A key as clients make one per write."""
    return str(uuid.uuid4())


class Client:
    """One socket.

    Attributes:
        messages: Every object that came, in order, arrays taken apart.
        frames: How many objects each frame held, 0 for a lone object.
        sees: It answers events with ``seen``, as the contract asks.
    """

    def __init__(self, url: str, headers: Mapping[str, str], *, sees: bool = True) -> None:
        self._url = url
        self._headers = headers
        self._ref = 0
        self._came = asyncio.Event()
        self.sees = sees
        self.messages: list[Message] = []
        self.frames: list[int] = []
        self.ended = False

    async def __aenter__(self) -> Self:
        self._socket: ClientConnection = await connect(
            self._url,
            additional_headers=dict(self._headers),
            max_size=FRAME_OUT,
            ping_interval=None,
            open_timeout=20,
            close_timeout=5,
            proxy=None,
        )
        self._reader = asyncio.create_task(self._read())
        self.hello: Message = (await self.wait_for(lambda m: "hello" in m, "hello"))["hello"]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._socket.close()
        await self._reader

    @property
    def extensions(self) -> str | None:
        """What the server negotiated, None for nothing."""
        assert self._socket.response is not None
        return self._socket.response.headers.get("Sec-WebSocket-Extensions")

    async def _read(self) -> None:
        try:
            async for raw in self._socket:
                assert isinstance(raw, str)
                said = json.loads(raw)
                self.frames.append(len(said) if isinstance(said, list) else 0)
                several = said if isinstance(said, list) else [said]
                self.messages += several
                self._came.set()
                if self.sees:
                    await self._see(several)
        except websockets.ConnectionClosed:
            pass
        self.ended = True
        self._came.set()

    async def _see(self, several: list[Message]) -> None:
        heads = {message["topic"]: message["seq"] for message in several if "event" in message}
        if heads:
            await self.send({"cmd": "seen", "heads": heads})

    # What goes out

    async def send(self, message: Message) -> None:
        """Send one object as it is."""
        await self.send_text(json.dumps(message))

    async def send_text(self, text: str) -> None:
        """Send one text frame as it is."""
        await self._socket.send(text)

    async def push(self, cmd: str, **fields: Any) -> int:
        """Send a command; returns its ``ref``."""
        self._ref += 1
        await self.send({"ref": self._ref, "cmd": cmd, **fields})
        return self._ref

    async def ask(self, cmd: str, **fields: Any) -> Message:
        """Send a command and wait for its reply."""
        return await self.reply(await self.push(cmd, **fields))

    async def post(self, topic: str, text: str, key: str | None = None) -> Message:
        """Post a message and wait for its reply."""
        data = {"text": text}
        return await self.ask("message.post", topic=topic, key=key or new_key(), data=data)

    async def follow(self, topic: str, **fields: Any) -> Message:
        """Follow a topic; the ``ok`` of the reply."""
        return await self.assert_ok("follow", topic=topic, **fields)

    async def assert_ok(self, cmd: str, **fields: Any) -> Message:
        """Send a command that must succeed; its ``ok``."""
        reply = await self.ask(cmd, **fields)
        assert set(reply) == {"ref", "ok"}, reply
        ok: Message = reply["ok"]
        return ok

    async def assert_error(self, cmd: str, **fields: Any) -> Message:
        """Send a command that must fail; its ``error``."""
        reply = await self.ask(cmd, **fields)
        assert set(reply) == {"ref", "error"}, reply
        error: Message = reply["error"]
        return error

    # What comes in

    async def wait_for(
        self, wanted: Callable[[Message], bool], what: str, within_s: float = PATIENCE_S
    ) -> Message:
        """The first object of that kind that came or comes.

        Raises:
            AssertionError: none came in time, or the socket ended without.
        """
        end = time.monotonic() + within_s
        looked = 0
        while True:
            self._came.clear()
            for message in self.messages[looked:]:
                if wanted(message):
                    return message
            looked = len(self.messages)
            assert not self.ended, f"{what}: closed with {self._socket.close_code}"
            left = end - time.monotonic()
            assert left > 0, f"{what}: not within {within_s:g} s; last: {self.messages[-3:]}"
            try:
                await asyncio.wait_for(self._came.wait(), left)
            except TimeoutError:
                continue

    async def reply(self, ref: int | None, within_s: float = PATIENCE_S) -> Message:
        """The reply to that ``ref``."""
        return await self.wait_for(
            lambda m: "ref" in m and m["ref"] == ref, f"reply to {ref}", within_s
        )

    async def assert_event(
        self, topic: str, seq: int, event: str = "", within_s: float = PATIENCE_S
    ) -> Message:
        """The event of that place in the topic's log."""
        found = await self.wait_for(
            lambda m: "event" in m and m["topic"] == topic and m["seq"] >= seq,
            f"event {seq} of {topic}",
            within_s,
        )
        assert found["seq"] == seq, found
        assert event in {"", found["event"]}, found
        return found

    async def assert_signal(
        self, topic: str, signal: str, within_s: float = PATIENCE_S, **wanted: Any
    ) -> Message:
        """A signal of that topic, kind and perhaps content."""
        return await self.wait_for(
            lambda m: (
                m.get("signal") == signal
                and m["topic"] == topic
                and all(m.get(name) == value for name, value in wanted.items())
            ),
            f"signal {signal} of {topic} {wanted}",
            within_s,
        )

    async def refute(self, unwanted: Callable[[Message], bool], for_s: float = 0.4) -> None:
        """Nothing of that kind came, nor comes while a few round trips are made."""
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            await self.assert_ok("ping")
            await asyncio.sleep(0.05)
        assert [m for m in self.messages if unwanted(m)] == []

    async def closed(self, within_s: float = PATIENCE_S) -> int | None:
        """Wait for the end of the socket; its code."""
        await asyncio.wait_for(asyncio.shield(self._reader), within_s)
        return self._socket.close_code

    def events(self, topic: str) -> list[Message]:
        """The events of that topic that came, in their order."""
        return [m for m in self.messages if "event" in m and m["topic"] == topic]

    def seqs(self, topic: str) -> list[int]:
        """Their places in the log."""
        return [event["seq"] for event in self.events(topic)]


async def assert_signed_out(clients: Sequence[Client], what: str) -> None:
    """All of them end with 4401 within the contract's 2 s and what a loaded machine adds."""
    started = time.monotonic()
    for client in clients:
        assert await client.closed(10) == 4401, what
    took = time.monotonic() - started
    assert took < 4, f"{what}: {took:.1f} s"
