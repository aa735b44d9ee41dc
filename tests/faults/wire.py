"""One WebSocket connection as a program has it: bytes in, objects out, nothing in between.

A library would reassemble, answer and buffer by itself; here a test decides what is read, and a
message costs few microseconds, so that one process plays hundreds of readers.
"""

import asyncio
from typing import Any, Protocol

import msgspec

SHAKE = (
    "GET /live/ HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Authorization: Bearer {token}\r\n\r\n"
)
ABNORMAL = 1006
FRAME_BYTES = 256 * 1024
TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A


class Hello(msgspec.Struct):
    """What the server says first."""

    protocol: int
    member: int


class Ok(msgspec.Struct):
    """The ``ok`` of a follow or a write."""

    topic: str = ""
    epoch: str = ""
    seq: int = 0
    id: int | None = None
    resync: bool = False
    replayed: bool = False


class Error(msgspec.Struct):
    """The ``error`` of any command."""

    code: str
    retry_after_s: float | None = None


class Bye(msgspec.Struct):
    """The server is about to go."""

    retry_ms: int


class Closed(msgspec.Struct):
    """A topic is over for this reader."""

    topic: str
    code: str


class Message(msgspec.Struct):
    """Any object that the server sends."""

    hello: Hello | None = None
    ref: int | None = None
    ok: Ok | None = None
    error: Error | None = None
    event: str = ""
    topic: str = ""
    seq: int = 0
    by: int | None = None
    key: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"")
    beat: dict[str, int] | None = None
    bye: Bye | None = None
    closed: Closed | None = None


_decoder = msgspec.json.Decoder(Message | list[Message])
_encode = msgspec.json.Encoder().encode


class Listener(Protocol):
    """Whose connection it is."""

    def take(self, message: Message) -> None:
        """The server said something."""

    def broke(self, what: str) -> None:
        """The server did what the wire does not allow."""


class Wire(asyncio.Protocol):
    """One connection.

    Attributes:
        status: HTTP status of the handshake, 0 before.
        code: How it ended: the close code, or 1006.
        ended: Done when the connection is gone.
    """

    def __init__(self, listener: Listener, host: str, port: int, token: str) -> None:
        self._listener = listener
        self._shake = SHAKE.format(host=host, port=port, token=token).encode()
        self._buffer = bytearray()
        self.status = 0
        self.code = ABNORMAL
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        self.transport = transport
        self.transport.write(self._shake)

    def connection_lost(self, error: Exception | None) -> None:
        """It is gone."""
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Take what came apart into frames."""
        self._buffer += data
        if not self.status:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.status = int(self._buffer[9:12])
            del self._buffer[: end + 4]
        if self.status == 101:
            self._take_frames()
        else:
            self.transport.abort()

    def _take_frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) >= at + 2:
            size, start = buffer[at + 1], at + 2
            if size > 125:
                start += 2 if size == 126 else 8
                size = int.from_bytes(buffer[at + 2 : start], "big")
            if len(buffer) < start + size:
                break
            self._take_frame(buffer[at], bytes(buffer[start : start + size]))
            at = start + size
        del buffer[:at]

    def _take_frame(self, kind: int, payload: bytes) -> None:
        if kind == TEXT:
            if len(payload) > FRAME_BYTES:
                self._listener.broke(f"a frame of {len(payload)} bytes")
            said = _decoder.decode(payload)
            for message in said if isinstance(said, list) else (said,):
                self._listener.take(message)
        elif kind == CLOSE:
            self.code = int.from_bytes(payload[:2], "big") or ABNORMAL
            self._write(CLOSE, payload[:2])
            self.transport.close()
        elif kind == PING:
            self._write(PONG, payload)
        elif kind != PONG:
            self._listener.broke(f"a frame of kind {kind:#x}")

    def send(self, message: Any) -> None:
        """Send one object."""
        self._write(TEXT, _encode(message))

    def _write(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        # Masked with zeros, which leaves the payload as it is.
        length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
        self.transport.write(bytes((kind,)) + length + bytes(4) + payload)

    def cut(self) -> None:
        """Drop the connection without a word."""
        self.transport.abort()
