"""The ASGI application: Django for HTTP, Channels' routing for the live socket."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
http = get_asgi_application()

# The routes import models, so the apps have to be ready.
from live.routing import websocket_urlpatterns  # noqa: E402
from server.bounded import BoundedBodies  # noqa: E402

application = ProtocolTypeRouter(
    {"http": BoundedBodies(http), "websocket": URLRouter(websocket_urlpatterns)}
)
