"""The way out of one socket: a frame built once, written by whichever server carries the socket.

The public ASGI ``send`` works everywhere and costs a task switch, an encoding and a frame per
socket. Where the server's protocol object can be reached, the finished frame is written to its
transport instead. That needs names which the servers do not promise, so it lives here alone, and
whatever is not as expected falls back to ``send``.
"""

import functools
import struct
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Frame:
    """One text message to clients; header and payload are joined once for all sockets.

    Attributes:
        payload: UTF-8 JSON.
        wire: A final, unmasked, uncompressed text frame (RFC 6455, section 5.2).
        prepared: What a server's own library made of it, kept for the next socket.
    """

    __slots__ = ("payload", "prepared", "wire")

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.prepared: Any = None
        size = len(payload)
        if size < 126:  # noqa: PLR2004 - the RFC's number
            head = struct.pack("!BB", 0x81, size)
        elif size < 65536:  # noqa: PLR2004 - the RFC's number
            head = struct.pack("!BBH", 0x81, 126, size)
        else:
            head = struct.pack("!BBQ", 0x81, 127, size)
        self.wire = head + payload


class Outlet(Protocol):
    """How frames leave one socket."""

    def try_write(self, frame: Frame) -> bool:
        """Hand the frame to the transport without waiting; False where that is not possible."""

    async def send(self, frame: Frame) -> None:
        """Send the frame, waiting while the transport is backed up."""

    async def close(self, code: int) -> None:
        """Send the close frame."""

    def abort(self) -> bool:
        """Drop the connection and what is still buffered; False where that is not possible."""


class PublicOutlet:
    """Through the server's public ``send`` alone."""

    __slots__ = ("_send",)

    def __init__(self, send: Send) -> None:
        self._send = send

    def try_write(self, frame: Frame) -> bool:
        """Never: the public way has to be awaited."""
        return False

    async def send(self, frame: Frame) -> None:
        """Send the payload as text."""
        await self._send({"type": "websocket.send", "text": frame.payload.decode()})

    async def close(self, code: int) -> None:
        """Close with that code."""
        await self._send({"type": "websocket.close", "code": code})

    def abort(self) -> bool:
        """Never: the public way has no such call."""
        return False


class UvicornOutlet(PublicOutlet):
    """Writes to the transport of uvicorn's ``websockets-sansio`` protocol."""

    __slots__ = ("_protocol", "_writable", "_write")

    def __init__(self, send: Send, protocol: Any) -> None:
        super().__init__(send)
        self._protocol = protocol
        self._writable = protocol.writable
        self._write = protocol.transport.write

    def try_write(self, frame: Frame) -> bool:
        """Write unless the transport is backed up or the socket is closing."""
        protocol = self._protocol
        # The event's flag itself: a call costs a room of 1,000 as much as all else in here.
        if protocol.close_sent or protocol.disconnected or not self._writable._value:  # noqa: SLF001
            return False
        self._write(frame.wire)
        return True

    def abort(self) -> bool:
        """Drop the TCP connection."""
        self._protocol.transport.abort()
        return True


class DaphneOutlet(PublicOutlet):
    """Sends a message that autobahn prepared once for all sockets."""

    __slots__ = ("_protocol",)

    def __init__(self, send: Send, protocol: Any) -> None:
        super().__init__(send)
        self._protocol = protocol

    def try_write(self, frame: Frame) -> bool:
        """Write unless the socket is closing; Twisted buffers, the window bounds how much."""
        protocol = self._protocol
        if protocol.state != protocol.STATE_OPEN:
            return False
        if frame.prepared is None:
            frame.prepared = protocol.factory.prepareMessage(frame.payload, isBinary=False)
        protocol.sendPreparedMessage(frame.prepared)
        return True

    async def close(self, code: int) -> None:
        """Close with that code; autobahn's public call refuses 1012 and all others below 3000."""
        if self._protocol.state == self._protocol.STATE_OPEN:
            self._protocol.sendCloseFrame(code=code, isReply=False)

    def abort(self) -> bool:
        """Drop the TCP connection."""
        self._protocol.transport.abortConnection()
        return True


def outlet_for(send: Send, *, public: bool = False) -> Outlet:
    """The fastest way out that this server has; ``public`` asks for the plain one."""
    if not public:
        owner: Any = getattr(send, "__self__", None)
        found = all(hasattr(owner, n) for n in ("close_sent", "disconnected", "transport"))
        if found and hasattr(getattr(owner, "writable", None), "_value"):
            return UvicornOutlet(send, owner)
        if isinstance(send, functools.partial) and send.args:
            owner = send.args[0]
            names = ("STATE_OPEN", "sendPreparedMessage", "sendCloseFrame")
            if all(hasattr(owner, name) for name in names):
                return DaphneOutlet(send, owner)
    return PublicOutlet(send)
