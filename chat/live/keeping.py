"""The socket's commands about looking after a channel, and what their events show."""

from collections.abc import Sequence
from typing import Any

from chat.actions import keeping
from chat.events.keeping import (
    ArchiveChannel,
    ChangeRole,
    EnterByLink,
    MakeLink,
    RevokeLink,
    RoleChanged,
)
from live.models import Event
from live.registry import Command, EventData, Written, register_command
from members.events import Card
from members.models import Member
from members.queries import member_cards

EVENTS: dict[str, type[EventData]] = {"member.role_changed": RoleChanged}


def _role(actor: Member, channel_id: int, data: ChangeRole) -> Written:
    return keeping.change_role(
        actor=actor, channel_id=channel_id, member_id=data.member, role=data.role
    )


def _archive(actor: Member, channel_id: int, data: ArchiveChannel) -> Written:
    return keeping.archive_channel(actor=actor, channel_id=channel_id, on=data.on)


def _make(actor: Member, channel_id: int, data: MakeLink) -> Written:
    return keeping.make_link(actor=actor, channel_id=channel_id, role=data.role, days=data.days)


def _revoke(actor: Member, channel_id: int, data: RevokeLink) -> Written:
    return keeping.revoke_link(actor=actor, channel_id=channel_id, link_id=data.id)


def _enter(actor: Member, _id: int, data: EnterByLink) -> Written:
    return keeping.enter_by_link(actor=actor, token=data.token)


def present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What events of roles show now, by position. One query."""
    facts: list[dict[str, Any]] = [dict(event.data or {}) for event in events]
    cards = member_cards(each["member"] for each in facts)
    return [
        RoleChanged(member=Card(**card), role=each["role"]) if card else None
        for each in facts
        for card in [cards.get(each["member"])]
    ]


def register() -> None:
    """Tell the live core of the commands."""
    for command in (
        Command("member.role", "chat", ChangeRole, _role),
        Command("channel.archive", "chat", ArchiveChannel, _archive),
        Command("link.make", "chat", MakeLink, _make),
        Command("link.revoke", "chat", RevokeLink, _revoke),
        Command("channel.enter", "", EnterByLink, _enter),
    ):
        register_command(command)
