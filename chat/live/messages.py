"""The socket's commands about messages, and what their events show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chat.actions import marks, messages
from chat.actions.attachments import check_files
from chat.actions.messages import Words
from chat.events.messages import (
    DeleteMessage,
    EditMessage,
    ForwardMessage,
    MessageDeleted,
    MessageEdited,
    MessagePinned,
    MessagePosted,
    MessageReacted,
    PinMessage,
    PostMessage,
    React,
    ThreadChanged,
)
from chat.models import Message
from chat.queries.messages import Around, around, messages_by_id, shown_one
from chat.queries.threads import replies_under
from live.models import Event
from live.registry import Command, EventData, Written, register_command
from live.showing import subjects
from members.models import Member

ROWS: dict[str, type[MessagePosted]] = {
    "message.posted": MessagePosted,
    "message.edited": MessageEdited,
    "message.deleted": MessageDeleted,
}
EVENTS: dict[str, type[EventData]] = {
    **ROWS,
    "message.reacted": MessageReacted,
    "message.pinned": MessagePinned,
    "thread.changed": ThreadChanged,
}


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A command's data with its text rendered."""

    data: Any
    said: Words


def _prepare(data: PostMessage) -> _Prepared:
    check_files(data.files)
    return _Prepared(data, messages.words(data.text, may_be_empty=bool(data.files)))


def _prepare_edit(data: EditMessage) -> _Prepared:
    # Whether it shows files, so that its text may be empty, is known only under the lock.
    return _Prepared(data, messages.words(data.text, may_be_empty=True))


def _is_quick(data: PostMessage | EditMessage | ForwardMessage) -> bool:
    return messages.is_quick(data.text)


def _post(actor: Member, channel_id: int, ready: _Prepared) -> Written:
    return messages.post_message(
        actor=actor,
        channel_id=channel_id,
        said=ready.said,
        reply_to=ready.data.reply_to,
        thread=ready.data.thread,
        files=ready.data.files,
    )


def _edit(actor: Member, channel_id: int, ready: _Prepared) -> Written:
    return messages.edit_message(
        actor=actor,
        channel_id=channel_id,
        message_id=ready.data.id,
        said=ready.said,
        alts=ready.data.alts,
    )


def _delete(actor: Member, channel_id: int, data: DeleteMessage) -> Written:
    return messages.delete_message(actor=actor, channel_id=channel_id, message_id=data.id)


def _react(actor: Member, channel_id: int, data: React) -> Written:
    return messages.react(
        actor=actor, channel_id=channel_id, message_id=data.id, emoji=data.emoji, on=data.on
    )


def _pin(actor: Member, channel_id: int, data: PinMessage) -> Written:
    return marks.pin_message(actor=actor, channel_id=channel_id, message_id=data.id, on=data.on)


def _prepare_forward(data: ForwardMessage) -> _Prepared:
    return _Prepared(data, messages.words(data.text, may_be_empty=True))


def _forward(actor: Member, channel_id: int, ready: _Prepared) -> Written:
    return marks.forward_message(
        actor=actor,
        channel_id=channel_id,
        source_channel=ready.data.channel,
        source_id=ready.data.id,
        text=ready.said.text,
        html=ready.said.html,
        mentioned=ready.said.mentioned,
    )


def present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What events of messages show now, by position.

    At most eleven queries, whatever their number.
    """
    rows = messages_by_id(subjects(events))
    known = around(rows.values())
    found = ((event.event, rows.get(event.subject or 0)) for event in events)
    return [_shown(name, row, known[row.pk]) if row else None for name, row in found]


def _shown(name: str, message: Message, known: Around) -> EventData | None:
    if name == "thread.changed":
        return ThreadChanged(id=message.pk, replies=replies_under(message, known.people))
    if message.deleted_at is not None and name != "message.deleted":
        return None
    if name == "message.reacted":
        return MessageReacted(id=message.pk, reactions=known.reactions)
    if name == "message.pinned":
        return MessagePinned(id=message.pk, pinned=message.pinned_at is not None)
    return shown_one(message, known, ROWS[name])


def register() -> None:
    """Tell the live core of the commands."""
    for command in (
        Command("message.post", "chat", PostMessage, _post, _prepare, _is_quick),
        Command("message.edit", "chat", EditMessage, _edit, _prepare_edit, _is_quick),
        Command("message.delete", "chat", DeleteMessage, _delete),
        Command("message.react", "chat", React, _react),
        Command("message.pin", "chat", PinMessage, _pin),
        Command("message.forward", "chat", ForwardMessage, _forward, _prepare_forward, _is_quick),
    ):
        register_command(command)
