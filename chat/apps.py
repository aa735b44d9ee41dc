"""The app's entry in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    """Chat."""

    name = "chat"
    verbose_name = _("Chat")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the topic ``chat:<id>`` and its commands, and that messages can be reported."""
        from chat import live
        from chat.queries.evidence import message_evidence
        from chat.search import register_messages
        from moderation.registry import register_reportable

        live.register()
        register_reportable("message", message_evidence)
        register_messages()
