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
        from chat import home, invited, live, organisation
        from chat.actions.attachments import PLACE
        from chat.actions.channels import close_rooms, open_rooms
        from chat.queries.attachments import readable_files, shown_files
        from chat.queries.evidence import message_evidence
        from chat.search import register_messages
        from chat.tasks import retell_later
        from files.access import register_place
        from members import profile_menu, settings_nav
        from members.actions.cards import when_cards_change
        from members.actions.roles import when_role_ends, when_role_is_granted
        from moderation.registry import register_reportable

        live.register()
        when_cards_change(retell_later)
        when_role_ends(close_rooms)
        when_role_is_granted(open_rooms)
        home.register()
        invited.register()
        organisation.register()
        profile_menu.register(
            "chat:direct", _("Write a message"), icon="message-square", order=10, is_post=True
        )
        settings_nav.register("chat:languages", _("Languages you read"), icon="languages", order=25)
        register_reportable("message", message_evidence)
        register_place(PLACE, readable_files, shown_files)
        register_messages()
