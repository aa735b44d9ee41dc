"""Reads of the members app, cut by noun.

`member_card` is the wire's shape of an author: it is the same in events, snapshots and REST rows.
"""

from members.queries.cards import MemberCard, member_card, member_cards
from members.queries.consents import consent_history, consents_now, consents_of_events
from members.queries.directory import listed_members
from members.queries.invitations import open_invitations, usable_invitation
from members.queries.people import own_tokens, roles_of, suspended_members, waiting_members
from members.queries.profiles import (
    ShownProfile,
    profile_for,
    profile_now,
    profile_of,
    profiles_for,
    profiles_now,
)
from members.queries.site import interface_languages, is_first_run, site_settings

__all__ = [
    "MemberCard",
    "ShownProfile",
    "consent_history",
    "consents_now",
    "consents_of_events",
    "interface_languages",
    "is_first_run",
    "listed_members",
    "member_card",
    "member_cards",
    "open_invitations",
    "own_tokens",
    "profile_for",
    "profile_now",
    "profile_of",
    "profiles_for",
    "profiles_now",
    "roles_of",
    "site_settings",
    "suspended_members",
    "usable_invitation",
    "waiting_members",
]
