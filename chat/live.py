"""The socket's door to the chat: the topic ``chat:<id>``, its commands, its unread counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat import access
from chat.actions import channels, messages
from chat.actions.messages import Words
from chat.events import (
    ChannelAdded,
    ChannelChanged,
    ChannelRead,
    ChannelRemoved,
    CreateChannel,
    DeleteMessage,
    DescribeChannel,
    EditMessage,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessageReacted,
    NameMember,
    Nothing,
    PostMessage,
    React,
    ReadChannel,
)
from chat.models import Message
from chat.queries import (
    channel_state,
    channel_states,
    member_total,
    members_in,
    message_page,
    messages_by_id,
    reactions_of,
    read_markers,
    shown_one,
    unread_by_member,
)
from live.models import Event
from live.registry import (
    Command,
    Derived,
    EventData,
    TopicKind,
    Written,
    register_command,
    register_derived,
    register_topic,
)
from members.events import Card
from members.live import declare_event, declare_part
from members.models import Member
from members.queries import member_cards

MESSAGE_EVENTS: dict[str, type[MessagePosted]] = {
    "message.posted": MessagePosted,
    "message.edited": MessageEdited,
    "message.deleted": MessageDeleted,
}
MEMBER_EVENTS: dict[str, type[EventData]] = {
    "member.joined": MemberJoined,
    "member.left": MemberLeft,
    "member.removed": MemberRemoved,
}
EVENTS: dict[str, type[EventData]] = {
    **MESSAGE_EVENTS,
    **MEMBER_EVENTS,
    "message.reacted": MessageReacted,
    "channel.changed": ChannelChanged,
}


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A command's data with its text rendered."""

    data: Any
    said: Words


def _prepare(data: PostMessage | EditMessage) -> _Prepared:
    return _Prepared(data, messages.words(data.text))


def _is_quick(data: PostMessage | EditMessage) -> bool:
    return messages.is_quick(data.text)


def _post(actor: Member, channel_id: int, ready: _Prepared) -> Written:
    return messages.post_message(
        actor=actor, channel_id=channel_id, said=ready.said, reply_to=ready.data.reply_to
    )


def _edit(actor: Member, channel_id: int, ready: _Prepared) -> Written:
    return messages.edit_message(
        actor=actor, channel_id=channel_id, message_id=ready.data.id, said=ready.said
    )


def _delete(actor: Member, channel_id: int, data: DeleteMessage) -> Written:
    return messages.delete_message(actor=actor, channel_id=channel_id, message_id=data.id)


def _react(actor: Member, channel_id: int, data: React) -> Written:
    return messages.react(
        actor=actor, channel_id=channel_id, message_id=data.id, emoji=data.emoji, on=data.on
    )


def _read(actor: Member, channel_id: int, data: ReadChannel) -> Written:
    return messages.read_channel(actor=actor, channel_id=channel_id, seq=data.seq)


def _join(actor: Member, channel_id: int, _data: Nothing) -> Written:
    return channels.join_channel(actor=actor, channel_id=channel_id)


def _leave(actor: Member, channel_id: int, _data: Nothing) -> Written:
    return channels.leave_channel(actor=actor, channel_id=channel_id)


def _add(actor: Member, channel_id: int, data: NameMember) -> Written:
    return channels.add_member(actor=actor, channel_id=channel_id, member_id=data.member)


def _remove(actor: Member, channel_id: int, data: NameMember) -> Written:
    return channels.remove_member(actor=actor, channel_id=channel_id, member_id=data.member)


def _describe(actor: Member, channel_id: int, data: DescribeChannel) -> Written:
    return channels.edit_channel(
        actor=actor, channel_id=channel_id, name=data.name, purpose=data.purpose
    )


def _create(actor: Member, _id: int, data: CreateChannel) -> Written:
    return channels.create_channel(
        actor=actor, name=data.name, purpose=data.purpose, is_public=data.is_public
    )


def _snapshot(actor: Member, channel_id: int) -> dict[str, Any]:
    """The channel and its newest messages: the same for every reader."""
    channel = access.channel_for(actor, channel_id)
    return {
        "channel": channel_state(channel, member_total(channel_id)),
        "messages": message_page(channel).messages,
    }


def present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What events of channels show now. At most eight queries, whatever their number."""
    ids = {e.subject for e in events if e.event.startswith("message.") and e.subject}
    rows = messages_by_id(ids)
    reactions = reactions_of([pk for pk, m in rows.items() if m.deleted_at is None])
    cards = member_cards(_facts(e)["member"] for e in events if e.event in MEMBER_EVENTS)
    changed = {e.subject for e in events if e.event == "channel.changed" and e.subject}
    states = channel_states(changed) if changed else {}
    shown: list[EventData | None] = []
    for event in events:
        if event.event in MEMBER_EVENTS:
            shown.append(_member_event(event, cards))
        elif event.event == "channel.changed":
            state = states.get(event.subject or 0)
            shown.append(ChannelChanged(channel=state) if state else None)
        else:
            message = rows.get(event.subject or 0)
            shown.append(_message_event(event.event, message, reactions))
    return shown


def _message_event(
    name: str, message: Message | None, reactions: Mapping[int, Any]
) -> EventData | None:
    if message is None or (message.deleted_at is not None and name != "message.deleted"):
        return None
    totals = reactions.get(message.pk, [])
    if name == "message.reacted":
        return MessageReacted(id=message.pk, reactions=totals)
    return shown_one(message, totals, MESSAGE_EVENTS[name])


def _facts(event: Event) -> dict[str, Any]:
    """What the event's row itself says."""
    return dict(event.data or {})


def _member_event(event: Event, cards: Mapping[int, Any]) -> EventData:
    facts = _facts(event)
    nobody = {"id": facts["member"], "name": "", "organisation": "", "country": ""}
    facts["member"] = Card(**cards.get(facts["member"], nobody))
    return MEMBER_EVENTS[event.event](**facts)


def _present_added(events: Sequence[Event]) -> Sequence[EventData | None]:
    states = channel_states({e.subject for e in events if e.subject})
    shown: list[EventData | None] = []
    for event in events:
        state = states.get(event.subject or 0)
        shown.append(ChannelAdded(channel=state, **_facts(event)) if state else None)
    return shown


def _present_removed(events: Sequence[Event]) -> Sequence[EventData]:
    return [ChannelRemoved(id=e.subject or 0) for e in events]


def _present_read(events: Sequence[Event]) -> Sequence[EventData]:
    return [ChannelRead(channel=e.subject or 0, seq=_facts(e)["seq"]) for e in events]


def _concerned(channel_ids: Collection[int], member_ids: Collection[int]) -> Collection[int]:
    return members_in(channel_ids, member_ids)


def register() -> None:
    """Tell the live core of channels and their commands, members' topics of what chat says."""
    register_topic(
        TopicKind(
            name="chat",
            reach=access.reach,
            readers=access.readers,
            snapshot=_snapshot,
            present=present,
            events=EVENTS,
            signals=("typing",),
            has_presence=True,
            foresee=access.foresee,
        )
    )
    for command in (
        Command("message.post", "chat", PostMessage, _post, _prepare, _is_quick),
        Command("message.edit", "chat", EditMessage, _edit, _prepare, _is_quick),
        Command("message.delete", "chat", DeleteMessage, _delete),
        Command("message.react", "chat", React, _react),
        Command("channel.read", "chat", ReadChannel, _read),
        Command("channel.join", "chat", Nothing, _join),
        Command("channel.leave", "chat", Nothing, _leave),
        Command("channel.edit", "chat", DescribeChannel, _describe),
        Command("channel.create", "", CreateChannel, _create),
        Command("member.add", "chat", NameMember, _add),
        Command("member.remove", "chat", NameMember, _remove),
    ):
        register_command(command)
    declare_event("channel.added", ChannelAdded, _present_added)
    declare_event("channel.removed", ChannelRemoved, _present_removed)
    declare_event("channel.read", ChannelRead, _present_read)
    declare_part("read", read_markers)
    register_derived(
        "member",
        Derived(signal="unread", source="chat", compute=unread_by_member, concerns=_concerned),
    )
