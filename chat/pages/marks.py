"""Pages of pins, bookmarks and forwards, and the plain forms that set such marks."""

import msgspec
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import NotFound, Refusal
from chat.access import channel_for, message_in
from chat.events.marks import BookmarkMessage, UnreadFrom
from chat.events.messages import ForwardMessage, PinMessage
from chat.pages.door import around, attempt, do, texts_of
from chat.queries import messages_with_people, shown, titles_of
from chat.queries.marks import bookmarks_of, pinned
from live.api import place_of
from members.pages.actor import actor_of
from members.pages.door import members_only

A_PAGE = 50


@members_only
@require_safe
def pins(request: HttpRequest, channel_id: int) -> HttpResponse:
    """The messages that are pinned to a channel, the newest pin first."""
    found = channel_for(request.user, channel_id)
    rows = shown(messages_with_people().filter(pk__in=pinned(found)).order_by("-pinned_at"))
    values = around(request, found) | {
        "can": place_of(actor_of(request), found.topic).reach.can,
        "rows": [
            {"message": msgspec.to_builtins(row), "channel": {"id": found.pk}} for row in rows
        ],
        "page": None,
    }
    return render(request, "chat/pins.html", values)


@members_only
@require_safe
def bookmarks(request: HttpRequest) -> HttpResponse:
    """One's own bookmarks that one may still read, the newest first."""
    page = Paginator(bookmarks_of(actor_of(request)), A_PAGE).get_page(request.GET.get("page"))
    marks = list(page)
    rows = shown([mark.message for mark in marks])
    titles = titles_of([mark.message.channel for mark in marks], request.user.pk or 0)
    values = around(request) | {
        "channel": None,
        "rows": [
            {"message": msgspec.to_builtins(row), "channel": {"id": pk, "title": titles[pk]}}
            for row, mark in zip(rows, marks, strict=True)
            for pk in [mark.message.channel_id]
        ],
        "page": page,
    }
    return render(request, "chat/bookmarks.html", values)


@members_only
@require_POST
def pin(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """Pin a message to its channel (``on``), or take it off."""
    data = PinMessage(id=message_id, on="on" in request.POST)
    attempt(request, "message.pin", f"chat:{channel_id}", data)
    return redirect("chat:pins", channel_id)


@members_only
@require_POST
def bookmark(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """Put a message among one's bookmarks (``on``), or take it away."""
    data = BookmarkMessage(id=message_id, on="on" in request.POST)
    attempt(request, "message.bookmark", f"chat:{channel_id}", data)
    return redirect("chat:bookmarks")


@members_only
@require_POST
def unread(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """The message and all after it are unread again."""
    do(request, "channel.unread", f"chat:{channel_id}", UnreadFrom(id=message_id))
    return redirect("chat:channels")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def forward(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """Pass a message on to another channel."""
    found = channel_for(request.user, channel_id)
    message = message_in(found, message_id)
    if message.deleted_at is not None:
        raise NotFound
    values = around(request, found)
    errors: list[str] = []
    text = request.POST.get("text", "").replace("\r\n", "\n")
    chosen = request.POST.get("to", "")
    if request.method == "POST":
        known = {str(row["id"]) for row in values["channels"]}
        if chosen in known:
            data = ForwardMessage(channel=channel_id, id=message_id, text=text)
            try:
                do(request, "message.forward", f"chat:{chosen}", data)
            except Refusal as refusal:
                errors = texts_of(refusal)
            else:
                return redirect(reverse("chat:channel", args=[int(chosen)]) + "#end")
        else:
            errors = [_("Choose where the message is to go.")]
    values |= {
        "message": msgspec.to_builtins(shown([message])[0]),
        "text": text,
        "chosen": chosen,
        "errors": errors,
    }
    return render(request, "chat/forward.html", values, status=422 if errors else 200)
