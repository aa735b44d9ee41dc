"""The app's entry in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    """Moderation."""

    name = "moderation"
    verbose_name = _("Moderation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register commands and events of members' own topics, and what pages show of it."""
        from live.registry import register_apart
        from members import profile_menu, settings_nav
        from moderation import live
        from moderation.access import all_apart

        live.register()
        register_apart(all_apart)
        settings_nav.register("moderation:blocked", _("Blocked members"), icon="user-x", order=50)
        profile_menu.register("moderation:block", _("Block member"), icon="user-x", order=90)
