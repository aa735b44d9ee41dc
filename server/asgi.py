"""The ASGI application: Django for HTTP, Channels' routing for the live socket."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
http = get_asgi_application()

# The routes import models, so the apps have to be ready.
from django.conf import settings  # noqa: E402

from live.routing import websocket_urlpatterns  # noqa: E402
from server.bounded import BoundedBodies  # noqa: E402

# What stands around the files in a form: its words, and the form's own.
bounded = BoundedBodies(http, most_form_bytes=settings.FILES["most_bytes"] + 256 * 1024)
application = ProtocolTypeRouter({"http": bounded, "websocket": URLRouter(websocket_urlpatterns)})
