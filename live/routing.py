"""Where sockets come in."""

from typing import Any

from django.urls import path

from live.consumer import LiveConsumer

# Django's path() is typed for views; Channels takes applications there.
consumer: Any = LiveConsumer.as_asgi()
websocket_urlpatterns: list[Any] = [path("live/", consumer)]
