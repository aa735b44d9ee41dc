"""Where sockets come in."""

from django.urls import path

from live.consumer import LiveConsumer

websocket_urlpatterns = [path("live/", LiveConsumer.as_asgi())]
