"""The app's entry in Django."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """The real-time core."""

    name = "live"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell OpenAPI's generator of tokens and structs."""
        from live import openapi  # noqa: F401 - its extensions register themselves
