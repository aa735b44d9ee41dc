"""A TCP proxy in front of a server that breaks what passes through it."""

import asyncio
import re
from typing import Any

HELD_S = 0.2
_ACK = re.compile(rb'"ok":\{"topic":"[^"]*","seq"')


class _End(asyncio.Protocol):
    """One of the two connections of a pipe."""

    def __init__(self, pipe: "Pipe", *, is_client: bool) -> None:
        self.pipe = pipe
        self.is_client = is_client
        self.transport: Any = None

    @property
    def other(self) -> "_End":
        return self.pipe.server if self.is_client else self.pipe.client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        if self.is_client:
            self.pipe.dialling = asyncio.ensure_future(self.pipe.dial())

    def data_received(self, data: bytes) -> None:
        if self.other.transport is None:
            # There is nowhere yet to put it.
            self.pipe.early.append(data)
        elif self.is_client or self.pipe.passes(data):
            self.other.transport.write(data)

    def pause_writing(self) -> None:
        self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if not self.pipe.is_held:
            self.other.transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self.pipe.relay.pipes.discard(self.pipe)
        if self.other.transport is not None:
            self.other.transport.close()


class Pipe:
    """One client's connection through the relay."""

    def __init__(self, relay: "Relay") -> None:
        self.relay = relay
        self.client = _End(self, is_client=True)
        self.server = _End(self, is_client=False)
        self.is_held = False
        self.is_deaf = False
        self.early: list[bytes] = []
        self.dialling: asyncio.Future[None] | None = None

    async def dial(self) -> None:
        """Connect to the server behind; without one the client's connection ends."""
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: self.server, "127.0.0.1", self.relay.behind)
        except OSError:
            self.client.transport.abort()
            return
        self.server.transport.writelines(self.early)
        self.relay.pipes.add(self)

    def passes(self, data: bytes) -> bool:
        """Whether what the server says reaches the client."""
        if self.relay.swallows and not self.is_deaf and _ACK.search(data):
            self.relay.acks += 1
            if self.relay.acks % 3 == 0:
                # The write is done, its reply is lost, and the connection soon after.
                self.relay.swallowed += 1
                self.is_deaf = True
                asyncio.get_running_loop().call_later(HELD_S, self.cut)
        return not self.is_deaf

    def hold(self) -> None:
        """Let nothing through in either direction; nobody is told."""
        self.is_held = True
        for end in (self.client, self.server):
            if not end.transport.is_closing():
                end.transport.pause_reading()

    def release(self) -> None:
        """Let all that was held through."""
        self.is_held = False
        for end in (self.client, self.server):
            if not end.transport.is_closing():
                end.transport.resume_reading()

    def cut(self) -> None:
        """Reset both connections."""
        for end in (self.client, self.server):
            end.transport.abort()


class Relay:
    """The proxy in front of one server.

    Attributes:
        pipes: The connections that pass through it now.
        swallows: Every third acknowledgement of a write is lost while this is set.
        swallowed: How many were.
    """

    def __init__(self, behind: int) -> None:
        self.behind = behind
        self.port = 0
        self.pipes: set[Pipe] = set()
        self.swallows = False
        self.acks = 0
        self.swallowed = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Pipe(self).client, "127.0.0.1", 0, backlog=1000
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Cut everything and listen no more."""
        for pipe in tuple(self.pipes):
            pipe.cut()
        if self._server is not None:
            self._server.close()
