"""Reads of drafts and of messages that wait for their time."""

from datetime import datetime

from django.db.models import QuerySet

from base.clock import wire_time
from chat.events.unsent import DraftSaved, ScheduledSaved
from chat.models import Draft, Scheduled
from chat.vocabulary import MAX_DRAFTS, MAX_SCHEDULED, ScheduledState
from members.models import Member


def drafts_of(member: Member) -> QuerySet[Draft]:
    """What a member began to write, the newest first."""
    return Draft.objects.filter(member=member)


def draft_in(member: Member, channel_id: int, thread: int | None = None) -> Draft | None:
    """What a member began to write in a channel, or in a thread there. One query."""
    return drafts_of(member).filter(channel=channel_id, thread=thread).first()


def draft_shown(draft: Draft) -> DraftSaved:
    """A draft in the shape of the wire. No query."""
    return DraftSaved(
        channel=draft.channel_id,
        thread=draft.thread_id,
        text=draft.text,
        reply_to=draft.reply_to_id,
        saved_at=wire_time(draft.saved_at),
    )


def draft_states(member: Member) -> list[DraftSaved]:
    """All drafts: part of the snapshot of ``member:<id>``. One query."""
    return [draft_shown(draft) for draft in drafts_of(member)[:MAX_DRAFTS]]


def scheduled_of(member: Member) -> QuerySet[Scheduled]:
    """A member's messages that wait or could not be said, the next one first."""
    return Scheduled.objects.filter(member=member)


def scheduled_shown(row: Scheduled) -> ScheduledSaved:
    """A message that waits in the shape of the wire. No query."""
    return ScheduledSaved(
        id=row.pk,
        channel=row.channel_id,
        thread=row.thread_id,
        reply_to=row.reply_to_id,
        text=row.text,
        at=wire_time(row.due_at),
        state=row.state,
        code=row.code,
    )


def scheduled_states(member: Member) -> list[ScheduledSaved]:
    """All that wait: part of the snapshot of ``member:<id>``. One query."""
    return [scheduled_shown(row) for row in scheduled_of(member)[:MAX_SCHEDULED]]


def due_messages(at: datetime) -> QuerySet[Scheduled]:
    """The messages whose time has come, the longest due first."""
    return Scheduled.objects.filter(state=ScheduledState.WAITING, due_at__lte=at)
