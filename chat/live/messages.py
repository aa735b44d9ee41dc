"""The socket's commands about messages, and what their events show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.actions import messages
from chat.actions.messages import Words
from chat.events import (
    DeleteMessage,
    EditMessage,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessageReacted,
    PostMessage,
    React,
)
from chat.models import Message
from chat.queries import messages_by_id, reactions_of, shown_one
from live.models import Event
from live.registry import Command, EventData, Written, register_command
from members.models import Member

ROWS: dict[str, type[MessagePosted]] = {
    "message.posted": MessagePosted,
    "message.edited": MessageEdited,
    "message.deleted": MessageDeleted,
}
EVENTS: dict[str, type[EventData]] = {**ROWS, "message.reacted": MessageReacted}


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


def present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What events of messages show now, by position.

    At most five queries, whatever their number.
    """
    ids = {event.subject for event in events if event.subject}
    rows = messages_by_id(ids)
    reactions = reactions_of([pk for pk, m in rows.items() if m.deleted_at is None])
    return [_shown(e.event, rows.get(e.subject or 0), reactions) for e in events]


def _shown(name: str, message: Message | None, reactions: Mapping[int, Any]) -> EventData | None:
    if message is None or (message.deleted_at is not None and name != "message.deleted"):
        return None
    totals = reactions.get(message.pk, [])
    if name == "message.reacted":
        return MessageReacted(id=message.pk, reactions=totals)
    return shown_one(message, totals, ROWS[name])


def register() -> None:
    """Tell the live core of the commands."""
    for command in (
        Command("message.post", "chat", PostMessage, _post, _prepare, _is_quick),
        Command("message.edit", "chat", EditMessage, _edit, _prepare, _is_quick),
        Command("message.delete", "chat", DeleteMessage, _delete),
        Command("message.react", "chat", React, _react),
    ):
        register_command(command)
