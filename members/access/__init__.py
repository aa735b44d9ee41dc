"""Who may see and do what with members and organisations: the only door for ids from outside."""

from members.access.invitations import (
    invitation_for,
    may_invite,
    require_inviter,
    roles_to_give,
    visible_invitations,
)
from members.access.leaving import export_for
from members.access.organisations import (
    Acting,
    accompaniment_for,
    acting_for,
    acts_for,
    can_edit,
    is_representative,
    organisation_for,
    role_in,
    visible_organisations,
)
from members.access.people import (
    Actor,
    can_suspend,
    colleagues_of,
    consents,
    is_member,
    is_staff,
    member_for,
    require_staff,
    token_for,
    visible_members,
)

__all__ = [
    "Acting",
    "Actor",
    "accompaniment_for",
    "acting_for",
    "acts_for",
    "can_edit",
    "can_suspend",
    "colleagues_of",
    "consents",
    "export_for",
    "invitation_for",
    "is_member",
    "is_representative",
    "is_staff",
    "may_invite",
    "member_for",
    "organisation_for",
    "require_inviter",
    "require_staff",
    "role_in",
    "roles_to_give",
    "token_for",
    "visible_invitations",
    "visible_members",
    "visible_organisations",
]
