"""Channels in Django's admin; messages are moderated on their own pages."""

from django.contrib import admin

from chat.models import Channel


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin[Channel]):
    """Read-only: a change here would not reach the log."""

    list_display = ("name", "is_public", "is_archived", "created_at")
    search_fields = ("name",)

    def has_add_permission(self, request: object) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Never."""
        return False
