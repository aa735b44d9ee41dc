"""The members app and what it registers at start."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    """Members."""

    name = "members"
    verbose_name = _("Members")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the topic `member:<id>` and the settings' pages; find every `erasure.py`."""
        from live.showing import by_subject
        from members import files, live, settings_nav
        from members.events import SecurityNoted
        from members.live import organisations
        from members.models import SecurityEvent
        from members.queries.security import security_noted

        live.register()
        files.register()
        organisations.register()
        live.declare_event(
            "security.noted",
            SecurityNoted,
            by_subject(SecurityEvent.objects.in_bulk, security_noted),
        )
        add = settings_nav.register
        add("members:account", _("Profile"), icon="user", order=10)
        add("members:own_picture", _("Picture"), icon="image", order=15)
        add("members:languages", _("Languages"), icon="languages", order=20)
        add("members:consents", _("Consent"), icon="shield-check", order=30)
        add("members:security", _("Security"), icon="lock", order=60)
        add("members:tokens", _("Access tokens"), icon="key-round", order=70)
        add("members:leaving", _("Your data"), icon="download", order=90)
        autodiscover_modules("erasure")
