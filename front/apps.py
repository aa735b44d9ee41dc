"""The app's entry in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontConfig(AppConfig):
    """Front page, home, arrival, results and legal pages."""

    name = "front"
    verbose_name = _("Front page")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register this app's own parts of the front page and steps of arrival."""
        from front import arrival, home

        home.register()
        arrival.register()
