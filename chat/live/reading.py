"""The socket's command of the read marker, and the unread counts derived from it."""

from collections.abc import Collection, Sequence

from chat.actions import reading
from chat.events import ChannelRead, ReadChannel
from chat.events.marks import UnreadFrom
from chat.queries import members_in, read_markers, unread_by_member
from chat.queries.unread import waiting_by_member
from live.models import Event
from live.registry import Command, Derived, EventData, Written, register_command, register_derived
from members.live import declare_event, declare_part
from members.models import Member


def _read(actor: Member, channel_id: int, data: ReadChannel) -> Written:
    return reading.read_channel(actor=actor, channel_id=channel_id, seq=data.seq)


def _unread(actor: Member, channel_id: int, data: UnreadFrom) -> Written:
    return reading.unread_from(actor=actor, channel_id=channel_id, message_id=data.id)


def _present_read(events: Sequence[Event]) -> Sequence[EventData]:
    return [ChannelRead(channel=e.subject or 0, seq=dict(e.data or {})["seq"]) for e in events]


def _concerned(channel_ids: Collection[int], member_ids: Collection[int]) -> Collection[int]:
    return members_in(channel_ids, member_ids)


def register() -> None:
    """Tell the live core of the command, of the markers and of the counts."""
    register_command(Command("channel.read", "chat", ReadChannel, _read))
    register_command(Command("channel.unread", "chat", UnreadFrom, _unread))
    declare_event("channel.read", ChannelRead, _present_read)
    declare_part("read", read_markers)
    register_derived(
        "member",
        Derived(signal="waiting", source="chat", compute=waiting_by_member, concerns=_concerned),
    )
    register_derived(
        "member",
        Derived(signal="unread", source="chat", compute=unread_by_member, concerns=_concerned),
    )
