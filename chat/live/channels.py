"""The socket's commands about channels, and what their events show."""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.actions import channels, conversations
from chat.events import (
    ChannelAdded,
    ChannelChanged,
    ChannelRemoved,
    ChannelState,
    CreateChannel,
    DescribeChannel,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    NameMember,
    Nothing,
    StartConversation,
)
from chat.models import Membership
from chat.queries import channel_states
from live.models import Event, Topic
from live.registry import Command, EventData, Written, register_command
from live.rows import fetch
from live.showing import subjects
from members.events import Card
from members.live import declare_event
from members.models import Member
from members.queries import member_cards

MEMBER_EVENTS: dict[str, type[EventData]] = {
    "member.joined": MemberJoined,
    "member.left": MemberLeft,
    "member.removed": MemberRemoved,
}
EVENTS: dict[str, type[EventData]] = {**MEMBER_EVENTS, "channel.changed": ChannelChanged}


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
        actor=actor,
        channel_id=channel_id,
        name=data.name,
        purpose=data.purpose,
        slow_mode_s=data.slow_mode_s,
    )


def _create(actor: Member, _id: int, data: CreateChannel) -> Written:
    return channels.create_channel(
        actor=actor,
        name=data.name,
        purpose=data.purpose,
        is_public=data.is_public,
        organisation_id=data.organisation,
    )


def _start(actor: Member, _id: int, data: StartConversation) -> Written:
    return conversations.start_conversation(actor=actor, member_ids=data.members, title=data.title)


def present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What events of channels show now, by position.

    At most four queries, whatever their number.
    """
    cards = member_cards(_facts(e)["member"] for e in events if e.event in MEMBER_EVENTS)
    changed = subjects(e for e in events if e.event == "channel.changed")
    states = channel_states(changed) if changed else {}
    shown: list[EventData | None] = []
    for event in events:
        if event.event in MEMBER_EVENTS:
            shown.append(_member_event(event, cards))
        else:
            state = states.get(event.subject or 0)
            shown.append(ChannelChanged(channel=state) if state else None)
    return shown


def _facts(event: Event) -> dict[str, Any]:
    """What the event's row itself says."""
    return dict(event.data or {})


def _member_event(event: Event, cards: Mapping[int, Any]) -> EventData:
    facts = _facts(event)
    nobody = {"id": facts["member"], "name": "", "organisation": "", "country": ""}
    facts["member"] = Card(**cards.get(facts["member"], nobody))
    return MEMBER_EVENTS[event.event](**facts)


def _present_added(events: Sequence[Event]) -> Sequence[EventData | None]:
    return [
        ChannelAdded(channel=state, **_facts(event)) if state else None
        for event, state in zip(events, _own_states(events), strict=True)
    ]


def _present_own(events: Sequence[Event]) -> Sequence[EventData | None]:
    return [ChannelChanged(channel=state) if state else None for state in _own_states(events)]


def _own_states(events: Sequence[Event]) -> list[ChannelState | None]:
    """The channels of events of members' topics, by position; None where one is no longer in.

    At most four queries.
    """
    topics = Topic.objects.in_bulk({event.topic_id for event in events})
    places = [
        (event.subject or 0, int(topics[event.topic_id].name.partition(":")[2])) for event in events
    ]
    rows = fetch(Membership, ("channel_id", "member_id"), places)
    inside = {(row.channel_id, row.member_id) for row in rows if row.is_inside}
    states = channel_states({channel for channel, _ in inside})
    return [states.get(place[0]) if place in inside else None for place in places]


def _present_removed(events: Sequence[Event]) -> Sequence[EventData]:
    return [ChannelRemoved(id=e.subject or 0) for e in events]


def register() -> None:
    """Tell the live core of the commands, members' topics of what channels say there."""
    for command in (
        Command("channel.join", "chat", Nothing, _join),
        Command("channel.leave", "chat", Nothing, _leave),
        Command("channel.edit", "chat", DescribeChannel, _describe),
        Command("channel.create", "", CreateChannel, _create),
        Command("conversation.start", "", StartConversation, _start),
        Command("member.add", "chat", NameMember, _add),
        Command("member.remove", "chat", NameMember, _remove),
    ):
        register_command(command)
    declare_event("channel.added", ChannelAdded, _present_added)
    declare_event("channel.changed", ChannelChanged, _present_own)
    declare_event("channel.removed", ChannelRemoved, _present_removed)
