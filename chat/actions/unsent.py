"""Writes about what is not said yet: drafts, and messages that wait for their time."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Invalid, KeyReused, NotFound, Refusal
from base.text import clean_text
from chat.access import message_in, place_for, require
from chat.actions.threads import root_in
from chat.events.messages import PostMessage
from chat.events.unsent import DraftDropped, ScheduledDropped
from chat.models import Channel, Draft, Message, Scheduled
from chat.queries.unsent import draft_in, draft_shown, drafts_of, scheduled_of, scheduled_shown
from chat.vocabulary import MAX_DRAFTS, MAX_SCHEDULED, MAX_SCHEDULED_DAYS, MAX_TEXT, ScheduledState
from live.performing import perform
from live.registry import Written
from live.units import append, unit
from members.models import Member

MAX_DRAFT_TEXT: Final = 2 * MAX_TEXT
AT_ONCE: Final = 200


def save_draft(
    *, actor: Member, channel_id: int, thread: int | None, text: str, reply_to: int | None
) -> Written:
    """Keep what somebody began to write; nothing written drops the draft.

    Raises:
        NotFound: no such channel or message for this actor.
        Invalid: longer than 20,000 characters, or ``chat.thread_in_thread``.
        Conflict: ``chat.too_many_drafts``, one has 200.
    """
    draft = draft_in(actor, channel_id, thread)
    if not text and reply_to is None:
        if draft is not None:
            draft.delete()
            _append_draft_dropped(actor, channel_id, thread)
        return Written()
    clean_text(text, MAX_DRAFT_TEXT, too_long="chat.text_too_long")
    channel, _membership = place_for(actor, channel_id)
    if draft is None:
        if drafts_of(actor).count() >= MAX_DRAFTS:
            raise Conflict(
                code="chat.too_many_drafts",
                detail=_("You have as many drafts as you can. Send or empty one of them."),
            )
        draft = Draft(member=actor, channel=channel)
        draft.thread = root_in(channel, thread) if thread is not None else None
    elif (draft.text, draft.reply_to_id) == (text, reply_to):
        return Written(draft)
    draft.text, draft.saved_at = text, now()
    draft.reply_to = message_in(channel, reply_to) if reply_to is not None else None
    draft.save()
    append(
        topic=f"member:{actor.pk}",
        event="draft.saved",
        actor=actor,
        subject=draft,
        fresh=partial(draft_shown, draft),
    )
    return Written(draft)


def _append_draft_dropped(actor: Member, channel_id: int, thread: int | None) -> None:
    append(
        topic=f"member:{actor.pk}",
        event="draft.dropped",
        actor=actor,
        data={"channel": channel_id, "thread": thread},
        fresh=partial(DraftDropped, channel=channel_id, thread=thread),
    )


def schedule_message(
    *,
    actor: Member,
    channel_id: int,
    text: str,
    at: datetime,
    reply_to: int | None = None,
    thread: int | None = None,
) -> Written:
    """Have a message said at a later time; the reply's ``id`` is that of what waits.

    Raises:
        NotFound: no such channel or message for this actor.
        Forbidden: not in the channel.
        Invalid: ``chat.bad_time``, ``chat.thread_in_thread``.
        Conflict: ``chat.too_many_scheduled``, 50 wait already.
    """
    channel, _membership = require(actor, channel_id, "message.schedule")
    _check_time(at)
    if scheduled_of(actor).count() >= MAX_SCHEDULED:
        raise Conflict(
            code="chat.too_many_scheduled",
            detail=_("As many messages as you can have wait to be sent already."),
        )
    row = Scheduled.objects.create(
        member=actor,
        channel=channel,
        thread=root_in(channel, thread) if thread is not None else None,
        reply_to=_answered(channel, reply_to),
        text=text,
        due_at=at,
    )
    _append_scheduled(actor, row)
    return Written(row)


def _answered(channel: Channel, message_id: int | None) -> Message | None:
    return None if message_id is None else message_in(channel, message_id)


def _check_time(at: datetime) -> None:
    if not now() < at < now() + timedelta(days=MAX_SCHEDULED_DAYS):
        detail = _("Choose a time to come, within a year.")
        raise Invalid(code="chat.bad_time", detail=detail, fields={"at": [str(detail)]})


def edit_scheduled(*, actor: Member, scheduled_id: int, text: str, at: datetime) -> Written:
    """Change what waits and when it is said; one that failed waits again.

    Raises:
        NotFound: nothing of the actor's waits under this id.
        Invalid: ``chat.bad_time``.
        Conflict: ``chat.too_late``, its time has come.
    """
    row = _waiting(actor, scheduled_id)
    _check_time(at)
    row.text, row.due_at, row.state, row.code = text, at, ScheduledState.WAITING, ""
    row.save(update_fields=["text", "due_at", "state", "code"])
    _append_scheduled(actor, row)
    return Written(row)


def cancel_scheduled(*, actor: Member, scheduled_id: int) -> Written:
    """Call off a message that waits.

    Raises:
        NotFound: nothing of the actor's waits under this id.
        Conflict: ``chat.too_late``, its time has come.
    """
    row = _waiting(actor, scheduled_id)
    _drop(actor, row)
    return Written()


def _waiting(actor: Member, scheduled_id: int) -> Scheduled:
    """What waits under this id; what is being said now cannot be changed any more."""
    row = scheduled_of(actor).filter(pk=scheduled_id).first()
    if row is None:
        raise NotFound
    if row.state == ScheduledState.WAITING and row.due_at <= now():
        raise Conflict(code="chat.too_late", detail=_("This message is being sent just now."))
    return row


def _drop(actor: Member, row: Scheduled) -> None:
    number = row.pk
    row.delete()
    append(
        topic=f"member:{actor.pk}",
        event="scheduled.dropped",
        actor=actor,
        data={"id": number},
        fresh=partial(ScheduledDropped, id=number),
    )


def _append_scheduled(actor: Member, row: Scheduled) -> None:
    append(
        topic=f"member:{actor.pk}",
        event="scheduled.saved",
        actor=actor,
        subject=row,
        fresh=partial(scheduled_shown, row),
    )


def send_scheduled(row: Scheduled) -> None:
    """Say a message whose time has come: once, however often this is tried.

    It is posted under its own key, so doing it again after a crash changes nothing. What is
    refused for now waits for the next time; what is refused for good is kept and says why.
    """
    data = PostMessage(text=row.text, reply_to=row.reply_to_id, thread=row.thread_id)
    code = ""
    try:
        perform(
            actor=row.member,
            cmd="message.post",
            topic=f"chat:{row.channel_id}",
            data=data,
            key=row.key,
        )
    except KeyReused:
        pass  # It was said, and this row then outlived a crash.
    except Refusal as refusal:
        if refusal.retry_after_s is not None:
            return
        code = refusal.code
    with unit():
        if not code:
            _drop(row.member, row)
            return
        row.state, row.code = ScheduledState.FAILED, code
        row.save(update_fields=["state", "code"])
        _append_scheduled(row.member, row)
