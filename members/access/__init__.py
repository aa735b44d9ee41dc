"""Who may see and do what with members and organisations: the only door for ids from outside."""

from members.access.invitations import invitation_for
from members.access.organisations import organisation_for
from members.access.people import (
    Actor,
    can_suspend,
    consents,
    is_member,
    is_staff,
    member_for,
    require_staff,
    token_for,
    visible_members,
)

__all__ = [
    "Actor",
    "can_suspend",
    "consents",
    "invitation_for",
    "is_member",
    "is_staff",
    "member_for",
    "organisation_for",
    "require_staff",
    "token_for",
    "visible_members",
]
