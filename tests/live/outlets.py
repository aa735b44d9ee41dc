"""``python -m tests.live.outlets SERVER PORT public|private``: frames by either way out.

A bare application on the real server: it says which way out it found, then sends texts of every
length that RFC 6455 writes differently, and closes.
"""

import asyncio
import sys
from typing import Any

from live.transports import Frame, outlet_for

SIZES = (1, 125, 126, 65_535, 65_536, 200_000)
IS_PUBLIC = sys.argv[3:] == ["public"]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """One socket."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    outlet = outlet_for(send, public=IS_PUBLIC)
    texts = [type(outlet).__name__, *("ž" * (size // 2) + "x" * (size % 2) for size in SIZES)]
    for text in texts:
        frame = Frame(text.encode())
        while not outlet.try_write(frame):
            await outlet.send(frame)
            break
    await asyncio.sleep(0)
    await outlet.close(1000)
    while (await receive())["type"] != "websocket.disconnect":
        pass


def serve(kind: str, port: int) -> None:
    """Serve as ``python -m server`` does."""
    if kind == "uvicorn":
        import uvicorn

        uvicorn.run(
            application,
            port=port,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
        )
    else:
        from daphne.server import Server

        Server(application, endpoints=[f"tcp:port={port}:interface=127.0.0.1"]).run()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
