"""The socket's commands about drafts and what is scheduled, and what their events show."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.actions import messages, unsent
from chat.events.unsent import (
    CancelScheduled,
    DraftDropped,
    DraftSaved,
    EditScheduled,
    SaveDraft,
    ScheduledDropped,
    ScheduledSaved,
    ScheduleMessage,
)
from chat.models import Draft, Scheduled
from chat.queries.unsent import draft_shown, draft_states, scheduled_shown, scheduled_states
from live.models import Event
from live.registry import Command, EventData, Written, register_command
from live.showing import by_subject
from members.live import declare_command, declare_event, declare_part
from members.models import Member


@dataclass(frozen=True, slots=True)
class _Checked:
    """A message for later whose text could be posted."""

    data: ScheduleMessage


def _check(data: ScheduleMessage) -> _Checked:
    messages.words(data.text)
    return _Checked(data)


def _is_quick(data: ScheduleMessage) -> bool:
    return messages.is_quick(data.text)


def _schedule(actor: Member, channel_id: int, ready: _Checked) -> Written:
    data = ready.data
    return unsent.schedule_message(
        actor=actor,
        channel_id=channel_id,
        text=data.text,
        at=data.at,
        reply_to=data.reply_to,
        thread=data.thread,
    )


def _edit(actor: Member, data: EditScheduled) -> Written:
    messages.words(data.text)
    return unsent.edit_scheduled(actor=actor, scheduled_id=data.id, text=data.text, at=data.at)


def _cancel(actor: Member, data: CancelScheduled) -> Written:
    return unsent.cancel_scheduled(actor=actor, scheduled_id=data.id)


def _save(actor: Member, data: SaveDraft) -> Written:
    return unsent.save_draft(
        actor=actor,
        channel_id=data.channel,
        thread=data.thread,
        text=data.text,
        reply_to=data.reply_to,
    )


def _present_dropped_drafts(events: Sequence[Event]) -> Sequence[EventData]:
    return [DraftDropped(**dict(e.data or {})) for e in events]


def _present_dropped(events: Sequence[Event]) -> Sequence[EventData]:
    return [ScheduledDropped(**dict(e.data or {})) for e in events]


def register() -> None:
    """Tell the live core of the commands, the events and the parts of the snapshot."""
    register_command(
        Command("message.schedule", "chat", ScheduleMessage, _schedule, _check, _is_quick)
    )
    declare_command("draft.save", SaveDraft, _save)
    declare_command("scheduled.edit", EditScheduled, _edit)
    declare_command("scheduled.cancel", CancelScheduled, _cancel)
    declare_event("draft.saved", DraftSaved, by_subject(Draft.objects.in_bulk, draft_shown))
    declare_event("draft.dropped", DraftDropped, _present_dropped_drafts)
    declare_event(
        "scheduled.saved", ScheduledSaved, by_subject(Scheduled.objects.in_bulk, scheduled_shown)
    )
    declare_event("scheduled.dropped", ScheduledDropped, _present_dropped)
    declare_part("drafts", draft_states)
    declare_part("scheduled", scheduled_states)
