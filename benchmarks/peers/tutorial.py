"""The consumer of Channels' tutorial, as it stands there, over the in-memory layer.

``python -m benchmarks.peers.tutorial PORT`` serves it on uvicorn; for the record only.
"""

import json
import sys
from typing import Any

import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from django.conf import settings
from django.urls import path


class ChatConsumer(AsyncWebsocketConsumer):
    """Everyone in one group; each message a group message to every socket."""

    async def connect(self) -> None:
        """Join the group."""
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        await self.channel_layer.group_discard("room", self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Pass a message on."""
        message = json.loads(text_data or "{}")["message"]
        await self.channel_layer.group_send("room", {"type": "chat.message", "message": message})

    async def chat_message(self, event: dict[str, Any]) -> None:
        """Send it to this socket."""
        await self.send(text_data=json.dumps({"message": event["message"]}))


def main() -> None:
    """Serve."""
    settings.configure(
        CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    )
    uvicorn.run(
        URLRouter([path("room/", ChatConsumer.as_asgi())]),  # type: ignore[list-item, arg-type]
        host="127.0.0.1",
        port=int(sys.argv[1]),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        log_level="error",
        backlog=2048,
    )


if __name__ == "__main__":
    main()
