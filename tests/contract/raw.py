"""WebSocket frames byte by byte (RFC 6455), for what no proper client would send."""

import asyncio
import contextlib
import json
import os
import struct
from typing import Any, Self

from tests.services import Account, ServerProcess

TEXT, BINARY, CLOSE, PING = 0x1, 0x2, 0x8, 0x9


class RawSocket:
    """A socket over plain TCP."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, server: ServerProcess, account: Account) -> Self:
        """Shake hands, offering compression."""
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=2**20)
        writer.write(
            (
                "GET /live/ HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{server.port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                f"Authorization: Bearer {account.token}\r\n\r\n"
            ).encode()
        )
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
        assert answer.startswith(b"HTTP/1.1 101"), answer
        assert b"permessage-deflate" not in answer.lower()
        socket = cls(reader, writer)
        assert "hello" in await socket.receive()
        return socket

    def frame(
        self, payload: bytes, *, opcode: int = TEXT, final: bool = True, masked: bool = True,
        reserved: int = 0,
    ) -> bytes:  # fmt: skip
        """One frame; unmasked and reserved bits are what a client must not send."""
        head = bytes([(0x80 if final else 0) | reserved | opcode])
        size, bit = len(payload), 0x80 if masked else 0
        if size < 126:
            head += bytes([bit | size])
        elif size < 65536:
            head += struct.pack("!BH", bit | 126, size)
        else:
            head += struct.pack("!BQ", bit | 127, size)
        if not masked:
            return head + payload
        mask = os.urandom(4)
        pattern = mask * (size // 4 + 1)
        return head + mask + bytes(a ^ b for a, b in zip(payload, pattern, strict=False))

    async def send(self, *frames: bytes) -> None:
        """Write frames in one go."""
        self._writer.write(b"".join(frames))
        await self._writer.drain()

    async def receive_frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame; it must be whole, unmasked and uncompressed."""
        first, second = await asyncio.wait_for(self._reader.readexactly(2), 20)
        assert first & 0xF0 == 0x80, f"not a whole, uncompressed frame: {first:x}"
        assert second & 0x80 == 0
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", await self._reader.readexactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self._reader.readexactly(8))
        return first & 0x0F, await self._reader.readexactly(size)

    async def receive(self) -> Any:
        """The JSON value of the next frame, which must be text."""
        opcode, payload = await self.receive_frame()
        assert opcode == TEXT, (opcode, payload)
        return json.loads(payload)

    async def close_code(self) -> int:
        """Read on until the close frame; its code."""
        while True:
            opcode, payload = await self.receive_frame()
            if opcode == CLOSE:
                code: int = struct.unpack("!H", payload[:2])[0]
                return code

    async def close(self) -> None:
        """Cut the connection."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
