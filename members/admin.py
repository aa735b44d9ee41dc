"""The admin's view of members: to look things up; changes with consequences have their pages."""

from typing import Any, ClassVar

from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout as account_logout
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from live import credentials
from members.models import Invitation, Member, Organisation


def _to_password_change(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Lead to the page on which everybody changes the password."""
    return redirect("account_change_password")


# The admin's own doors know nothing of verified addresses, limits on attempts and live sockets.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.logout = account_logout  # type: ignore[method-assign]
admin.site.password_change = _to_password_change  # type: ignore[assignment]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    """Organisations can be corrected here."""

    list_display = ("name", "country", "kind", "town", "is_public")
    list_filter = ("country", "kind", "is_public")
    search_fields = ("name", "town")


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin[Member]):
    """Members; what closes sockets or needs a mail is read-only here, since it is an action."""

    list_display = ("name", "email", "organisation", "country", "is_active", "is_staff")
    list_filter = ("is_active", "is_approved", "is_moderator", "is_staff", "country")
    search_fields = ("name", "email")
    list_select_related = ("organisation",)
    fields = (
        "name", "email", "organisation", "country", "languages", "time_zone", "locale", "kind",
        "is_moderator", "is_staff", "is_superuser", "is_active", "is_approved", "joined_at",
        "last_login",
    )  # fmt: skip
    readonly_fields: ClassVar[tuple[str, ...]] = (
        "email", "kind", "is_active", "is_approved", "joined_at", "last_login",
    )  # fmt: skip
    autocomplete_fields = ("organisation",)

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: Any) -> None:
        """Save, and look again at what open sockets may do with the new role."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            credentials.recheck(member=obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: members sign up or are invited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: members are suspended."""
        return False


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    """Invitations, to look at."""

    list_display = ("email", "role", "invited_by", "created_at", "expires_at", "used_at")
    list_select_related = ("invited_by",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a link is shown once, on the page that makes it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: an invitation is withdrawn and made anew."""
        return False
