"""The socket's command about previews of links, and what their event shows."""

from collections.abc import Sequence

from chat.actions.previews import remove_preview
from chat.events.previews import MessagePreviewed, RemovePreview
from chat.models import Message
from chat.queries.previews import previews_of
from live.models import Event
from live.registry import Command, EventData, Written, register_command
from live.rows import fetch
from live.showing import subjects
from members.models import Member

EVENTS: dict[str, type[EventData]] = {"message.previewed": MessagePreviewed}


def _remove(actor: Member, channel_id: int, data: RemovePreview) -> Written:
    return remove_preview(
        actor=actor, channel_id=channel_id, message_id=data.id, preview_id=data.preview
    )


def present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What events show now, by position; deleted messages are gone. Two queries."""
    wanted = subjects(events)
    rows = {row.pk: row for row in fetch(Message, ("id",), [(pk,) for pk in wanted])}
    previews = previews_of([pk for pk, row in rows.items() if row.deleted_at is None])
    found = (rows.get(event.subject or 0) for event in events)
    return [
        MessagePreviewed(id=row.pk, previews=previews.get(row.pk, []))
        if row and not row.deleted_at
        else None
        for row in found
    ]


def register() -> None:
    """Tell the live core of the command."""
    register_command(Command("preview.remove", "chat", RemovePreview, _remove))
