"""The client's half of RFC 6455 and the three dialects that the measured servers speak.

Written for speed: one frame to a thousand sockets is decoded once, and a socket that gets what
the others got compares bytes. Text frames alone, no extensions.
"""

import asyncio
import base64
import os
import struct
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any, Protocol

import msgspec

UNMASKED = bytes(4)
SEEN_EVENTS = 48
SEEN_S = 1.8
_decode = msgspec.json.Decoder().decode


def masked(payload: bytes) -> bytes:
    """A final text frame of a client; the mask is zero, which spares this side the work."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, 0x80 | size) + UNMASKED + payload
    return struct.pack("!BBH", 0x81, 0x80 | 126, size) + UNMASKED + payload


def handshake(path: str, host: str, headers: dict[str, str]) -> bytes:
    """The request that opens a socket."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(slots=True)
class Said:
    """What one frame says.

    Attributes:
        first: ``seq`` of its first event, 0 without events or numbers.
        last: ``seq`` of its last event.
        numbers: The numbers of the benchmark's messages in it.
        refs: What it acknowledges.
        errors: How many refusals it holds.
    """

    first: int = 0
    last: int = 0
    numbers: list[int] = field(default_factory=list)
    refs: list[int] = field(default_factory=list)
    errors: int = 0
    resyncs: int = 0


class Dialect(Protocol):
    """How one kind of server is spoken to."""

    path: str
    acks: bool

    def headers(self, token: str) -> dict[str, str]:
        """Headers of the handshake."""

    def greet(self, link: "Link", payload: bytes) -> bool:
        """Answer what comes before the room; True when the socket is in it."""

    def post(self, ref: int, topic: str, text: str) -> bytes:
        """A message to the room."""

    def read(self, payload: bytes) -> Said:
        """What a frame says."""

    def tend(self, link: "Link", now: float) -> None:
        """What the dialect asks of a client every second."""


class Ports:
    """This project's protocol.

    Attributes:
        follows_own: Whether each socket follows its member's own topic too, as pages do.
    """

    path = "/live/"
    acks = True

    def __init__(self, *, follows_own: bool = False) -> None:
        self.follows_own = follows_own

    def headers(self, token: str) -> dict[str, str]:
        """A bearer token."""
        return {"Authorization": f"Bearer {token}"}

    def greet(self, link: "Link", payload: bytes) -> bool:
        """Follow the topic after ``hello``; in the room after the reply."""
        if payload.startswith(b'{"hello"'):
            if self.follows_own:
                topic = f"member:{_decode(payload)['hello']['member']}"
                link.send(msgspec.json.encode({"ref": -1, "cmd": "follow", "topic": topic}))
            link.follow()
            return False
        if not payload.startswith(b'{"ref":0,'):
            return False
        answer = _decode(payload)
        if "ok" not in answer:
            raise RuntimeError(payload.decode())
        link.seq = link.since if link.since is not None else answer["ok"]["seq"]
        link.goal = answer["ok"]["seq"]
        if answer["ok"]["resync"]:
            link.resync()
            return False
        return True

    def post(self, ref: int, topic: str, text: str) -> bytes:
        """``message.post`` with a fresh key."""
        key, data = str(uuid.uuid4()), {"text": text}
        return msgspec.json.encode(
            {"ref": ref, "cmd": "message.post", "topic": topic, "key": key, "data": data}
        )

    def read(self, payload: bytes) -> Said:
        """Events, replies, the rest."""
        said = Said()
        whole = _decode(payload)
        for part in whole if isinstance(whole, list) else [whole]:
            if "event" in part:
                said.first = said.first or part["seq"]
                said.last = part["seq"]
                if part["event"] == "message.posted":
                    said.numbers.append(number_of(part["data"]["text"]))
            elif "ok" in part:
                said.refs.append(part["ref"])
            elif "error" in part:
                said.errors += 1
        return said

    def tend(self, link: "Link", now: float) -> None:
        """Say ``seen`` often enough."""
        if link.unseen and now - link.seen_at > SEEN_S:
            link.see(now)


class SocketIO:
    """Engine.IO 4 and Socket.IO 5 over WebSocket alone."""

    path = "/socket.io/?EIO=4&transport=websocket"
    acks = True

    def headers(self, token: str) -> dict[str, str]:
        """None: that server lets everyone in."""
        return {}

    def greet(self, link: "Link", payload: bytes) -> bool:
        """Open, then join the default namespace."""
        if payload.startswith(b"0"):
            link.send(b"40")
        elif payload == b"2":
            link.send(b"3")
        return payload.startswith(b"40")

    def post(self, ref: int, topic: str, text: str) -> bytes:
        """An event that asks for an acknowledgement."""
        return b"42%d" % ref + msgspec.json.encode(["post", {"room": topic, "text": text}])

    def read(self, payload: bytes) -> Said:
        """Events ``42[…]`` and acknowledgements ``43<ref>[…]``."""
        if payload.startswith(b"42"):
            data = _decode(payload[2:])[1]
            return Said(data["seq"], data["seq"], [number_of(data["text"])])
        if payload.startswith(b"43"):
            return Said(refs=[int(payload[2 : payload.index(b"[")])])
        return Said()

    def tend(self, link: "Link", now: float) -> None:
        """Nothing: pings are answered as they come."""


class Plain:
    """A text is sent to everyone: the floor, and the tutorial's consumer."""

    path = "/room/"
    acks = False

    def headers(self, token: str) -> dict[str, str]:
        """None."""
        return {}

    def greet(self, link: "Link", payload: bytes) -> bool:
        """In the room at once."""
        return True

    def post(self, ref: int, topic: str, text: str) -> bytes:
        """The tutorial's message."""
        return msgspec.json.encode({"message": text})

    def read(self, payload: bytes) -> Said:
        """The tutorial's message again."""
        return Said(numbers=[number_of(_decode(payload)["message"])])

    def tend(self, link: "Link", now: float) -> None:
        """Nothing."""


def number_of(text: str) -> int:
    """The number that a message of the benchmark begins with; -1 for any other."""
    head = text[:8]
    return int(head) if head.isdigit() else -1


DIALECTS: dict[str, Callable[[], Dialect]] = {
    "ports": Ports,
    "ports, own topic too": partial(Ports, follows_own=True),
    "socketio": SocketIO,
    "plain": Plain,
}


class Link(asyncio.Protocol):
    """One socket of the generator.

    Attributes:
        seq: The last ``seq`` it got.
        goal: The head that its follow was told: caught up when ``seq`` is there.
        broken: How often a frame did not follow on the one before.
    """

    __slots__ = (
        "_rest", "_snapshot", "_stage", "_work", "broken", "closed", "dialect", "goal", "on_frame",
        "ready", "resyncs", "seen_at", "seq", "since", "topic", "transport", "unseen",
    )  # fmt: skip

    def __init__(
        self,
        dialect: Dialect,
        topic: str,
        on_frame: Callable[["Link", bytes], None],
        snapshot: Callable[[], Awaitable[int]],
    ) -> None:
        self.dialect = dialect
        self.topic = topic
        self.on_frame = on_frame
        self._snapshot = snapshot
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: Any = None
        self.since: int | None = None
        self.seq = self.goal = self.broken = self.unseen = self.resyncs = 0
        self.seen_at = 0.0
        self.closed = False
        self._rest = b""
        self._stage = 0

    def connection_made(self, transport: Any) -> None:
        """Keep the transport."""
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end."""
        self.closed = True
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed before it was ready"))

    def send(self, payload: bytes) -> None:
        """Send a text."""
        self.transport.write(masked(payload))

    def follow(self) -> None:
        """Ask for the topic, from where this client is."""
        wish: dict[str, Any] = {"ref": 0, "cmd": "follow", "topic": self.topic}
        if self.since is not None:
            wish["since"] = self.since
        self.send(msgspec.json.encode(wish))

    def resync(self) -> None:
        """Take a snapshot and follow from it."""
        self.resyncs += 1

        async def work() -> None:
            while True:
                try:
                    self.since = await self._snapshot()
                    break
                except OSError:
                    await asyncio.sleep(0.5)
            self.follow()

        self._work = asyncio.create_task(work())

    def see(self, now: float) -> None:
        """Say how far this socket has read."""
        self.unseen = 0
        self.seen_at = now
        self.send(b'{"cmd":"seen","heads":{"%s":%d}}' % (self.topic.encode(), self.seq))

    def data_received(self, data: bytes) -> None:  # noqa: C901, PLR0912 - one pass, for speed
        """Cut what came into frames."""
        if self._rest:
            data = self._rest + data
            self._rest = b""
        place, end = 0, len(data)
        if self._stage == 0:
            place = data.find(b"\r\n\r\n") + 4
            if place < 4:
                self._rest = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self.ready.set_exception(ConnectionError(data[:60].decode("latin-1")))
                self.transport.abort()
                return
            self._stage = 1
            if self.dialect.path == Plain.path:
                self._enter()
        while end - place >= 2:
            size, start = data[place + 1], place + 2
            if size == 126:
                start = place + 4
                size = int.from_bytes(data[place + 2 : start], "big") if end >= start else end
            elif size == 127:
                start = place + 10
                size = int.from_bytes(data[place + 2 : start], "big") if end >= start else end
            if end - start < size:
                break
            opcode = data[place] & 15
            place = start + size
            payload = data[start:place]
            if opcode == 8:
                self.closed = True
                self.transport.close()
                return
            if opcode == 1:
                if self._stage == 2:
                    self.on_frame(self, payload)
                elif self.dialect.greet(self, payload):
                    self._enter()
        if place < end:
            self._rest = data[place:]

    def _enter(self) -> None:
        self._stage = 2
        self.seen_at = perf_counter()
        if not self.ready.done():
            self.ready.set_result(None)
