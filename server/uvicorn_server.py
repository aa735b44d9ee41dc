"""uvicorn, with the hub's start and end around its own."""

import signal
import socket
import sys
from types import FrameType

import uvicorn

from live.hub import running_hub
from live.limits import FRAME_BYTES_IN


class DrainingServer(uvicorn.Server):
    """Drains the live sockets before uvicorn closes what is left."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then start the hub, so that this process's REST writes are heard elsewhere."""
        await super().startup(sockets)
        if self.started:
            running_hub()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, drain, then what uvicorn does."""
        for server in self.servers:
            server.close()
        hub = running_hub()
        await hub.drain()
        await super().shutdown(sockets)
        await hub.stop()


def serve(host: str, port: int, backlog: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        "server.asgi:application",
        host=host,
        port=port,
        backlog=backlog,
        ws="websockets-sansio",
        # The frame that the contract allows, and nothing compressed: deflate doubles CPU and
        # memory of a room.
        ws_max_size=FRAME_BYTES_IN,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        loop="auto",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=20,
        # TRUST_PROXY is Django's to judge; uvicorn must not rewrite the scheme by itself.
        proxy_headers=False,
    )
    # When all is done uvicorn raises the signal again, which by default would end the process
    # before the worker has stopped.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    DrainingServer(config).run()


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(0)
