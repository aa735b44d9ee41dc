"""Pages of what is not said yet: messages that wait for their time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, localtime, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from base.errors import Invalid, NotFound, Refusal
from base.ids import parse_id
from chat.events.unsent import CancelScheduled, EditScheduled, SaveDraft, ScheduleMessage
from chat.models import Channel, Draft, Message
from chat.pages.door import around, do, number_in, texts_of
from chat.queries import titles_of
from chat.queries.excerpts import excerpts
from chat.queries.unsent import draft_in, scheduled_of
from live.performing import perform
from members.models import Member
from members.pages.actor import actor_of
from members.pages.door import members_only


def moment_in(text: str) -> datetime:
    """A date and time as a form gives it, in the reader's zone.

    Raises:
        Invalid: it is none.
    """
    try:
        found = parse_datetime(text)
        moment = make_aware(found) if found and is_naive(found) else found
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        detail = _("Choose a day and a time.")
        raise Invalid(code="chat.bad_time", detail=detail, fields={"at": [detail]})
    return moment


def replied_in(request: HttpRequest) -> int | None:
    """The message that a form answers; None without one."""
    return parse_id(request.POST.get("reply_to", ""))


def answered(
    request: HttpRequest, channel: Channel, draft: Draft | None, *, is_beside: bool = False
) -> dict[str, Any] | None:
    """What the composer answers: as the address or a refused form says, else as the draft does.

    Beside a room, whose address it is, as the draft does. What is gone is answered no more.
    """
    said = None if is_beside else number_in(request, "reply_to") or replied_in(request)
    number = said or (draft.reply_to_id if draft and request.method != "POST" else None)
    rows = Message.objects.select_related("author").filter(channel=channel, deleted_at=None)
    message = rows.filter(pk=number).first() if number else None
    if message is None:
        return None
    author = message.author
    return {
        "id": message.pk,
        "author": {"id": author.pk, "name": author.name} if author else None,
        "excerpt": excerpts([message])[message.pk],
    }


def drop_draft(member: Member, channel: Channel, thread: int | None) -> None:
    """What was begun there is said now; a page says so itself, a script by its own command."""
    if draft_in(member, channel.pk, thread) is not None:
        data = SaveDraft(channel=channel.pk, thread=thread, text="")
        perform(actor=member, cmd="draft.save", topic=f"member:{member.pk}", data=data)


def schedule(
    request: HttpRequest,
    channel: Channel,
    text: str,
    *,
    reply_to: int | None = None,
    thread: int | None = None,
) -> None:
    """Have what the composer holds said at the time that it names.

    Raises:
        Refusal: as ``message.schedule`` does.
    """
    at = moment_in(request.POST.get("at", ""))
    data = ScheduleMessage(text=text, at=at, reply_to=reply_to, thread=thread)
    do(request, "message.schedule", channel.topic, data)
    drop_draft(actor_of(request), channel, thread)


@members_only
@require_safe
def scheduled(request: HttpRequest) -> HttpResponse:
    """One's messages that wait for their time, the next one first."""
    return _page(request)


def _page(request: HttpRequest, failed: int = 0, errors: Sequence[str] = ()) -> HttpResponse:
    """All that waits; the form that failed keeps what was typed, with what ails it."""
    waiting = list(scheduled_of(actor_of(request)).select_related("channel"))
    titles = titles_of([row.channel for row in waiting], request.user.pk or 0)
    rows = [
        {
            "row": row,
            "title": titles[row.channel_id],
            "text": typed.get("text", row.text),
            "at": typed.get("at", localtime(row.due_at).strftime("%Y-%m-%dT%H:%M")),
            "errors": errors if row.pk == failed else (),
        }
        for row in waiting
        for typed in [request.POST if row.pk == failed else QueryDict()]
    ]
    values = around(request) | {"channel": None, "rows": rows}
    return render(request, "chat/scheduled.html", values, status=422 if errors else 200)


@members_only
@require_POST
def change(request: HttpRequest, scheduled_id: int) -> HttpResponse:
    """Another text and time for what waits, or (``cancel``) call it off."""
    member = actor_of(request)
    row = scheduled_of(member).filter(pk=scheduled_id).first()
    if row is None:
        raise NotFound
    topic = f"member:{member.pk}"
    try:
        if "cancel" in request.POST:
            do(request, "scheduled.cancel", topic, CancelScheduled(id=scheduled_id))
        else:
            text = request.POST.get("text", "").replace("\r\n", "\n")
            at = moment_in(request.POST.get("at", ""))
            do(request, "scheduled.edit", topic, EditScheduled(id=scheduled_id, text=text, at=at))
    except Refusal as refusal:
        return _page(request, scheduled_id, texts_of(refusal))
    return redirect("chat:scheduled")
