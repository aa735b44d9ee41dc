"""Reads of members for the staff, and their roles and tokens."""

from django.db.models import QuerySet

from live.models import AccessToken
from members.models.people import Member, MemberQuerySet


def waiting_members() -> MemberQuerySet:
    """Return those who wait for approval, oldest first, organisations loaded."""
    members = Member.objects.select_related("organisation").waiting()
    return members.order_by("joined_at", "id")


def suspended_members() -> MemberQuerySet:
    """Return those whose access was taken away, by name, organisations loaded."""
    return Member.objects.select_related("organisation").suspended()


def own_tokens(member: Member) -> QuerySet[AccessToken]:
    """Return a member's access tokens that still work, newest first."""
    return AccessToken.objects.filter(member=member, revoked_at=None)


def roles_of(member: Member) -> list[str]:
    """Return the roles that a member has beside being one."""
    held = {"moderator": member.is_moderator, "staff": member.is_staff}
    return [role for role, is_held in held.items() if is_held]
