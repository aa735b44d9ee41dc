"""The app's entry in Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Notifications."""

    name = "notices"
    verbose_name = _("Notifications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what members' own topics say, and the settings; find every `notices.py`."""
        from members import settings_nav
        from notices import live, of_members

        live.register()
        of_members.register()
        settings_nav.register("notices:settings", _("Notifications"), icon="bell", order=40)
        autodiscover_modules("notices")
