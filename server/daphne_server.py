"""Daphne, with the hub's start and end around its own."""

import asyncio
import signal
from typing import Any

from daphne.server import Server  # installs the asyncio reactor; keep it first

from live.hub import running_hub
from live.limits import FRAME_BYTES_IN

# isort: split
from twisted.internet import reactor
from twisted.internet.base import ReactorBase

from server.asgi import application


class DrainingServer(Server):
    """Starts the hub when it listens and drains the live sockets before it stops."""

    def __init__(self, **options: Any) -> None:
        super().__init__(ready_callable=self._ready, signal_handlers=False, **options)

    def _ready(self) -> None:
        # A frame that is too large is told so (1009), not dropped with the connection.
        # Origins are the consumer's to judge, so that each is refused with the same 403.
        self.ws_factory.setProtocolOptions(
            failByDrop=False, perMessageCompressionAccept=None, allowNullOrigin=True
        )
        loop = asyncio.get_event_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_end)
        loop.call_soon(lambda: loop.create_task(self._start_hub()))
        self._ending: asyncio.Task[None] | None = None

    async def _start_hub(self) -> None:
        running_hub()

    def _asked_to_end(self) -> None:
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._drain())

    async def _drain(self) -> None:
        for listener in self.listeners:
            if getattr(listener, "result", None) is not None:
                listener.result.stopListening()
        hub = running_hub()
        await hub.drain()
        await hub.stop()
        self.stop()


def serve(host: str, port: int, backlog: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    if not isinstance(reactor, ReactorBase):  # pragma: no cover - Twisted always has one
        raise TypeError
    place = host.replace(":", "\\:")
    DrainingServer(
        application=application,
        endpoints=[f"tcp:port={port}:interface={place}:backlog={backlog}"],
        http_timeout=60,
        websocket_timeout=-1,
        websocket_connect_timeout=20,
        websocket_handshake_timeout=20,
        websocket_max_message_size=FRAME_BYTES_IN,
        websocket_max_frame_size=FRAME_BYTES_IN,
        ping_interval=60,
        ping_timeout=60,
        server_name="ports",
        verbosity=0,
    ).run()
