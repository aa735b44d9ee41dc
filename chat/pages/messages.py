"""Pages of one message, and the plain forms of what can be done to it."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Refusal
from base.languages import language_choices
from chat.access import channel_for, message_in
from chat.events import DeleteMessage, EditMessage, React
from chat.pages.door import around, attempt, do, texts_of, to_message
from chat.queries import shown
from chat.queries.marks import bookmarked, versions_of
from live.api import place_of
from members.pages.actor import actor_of
from members.pages.door import members_only


@members_only
@require_safe
def permalink(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """The short address of a message: the channel's page around it."""
    message_in(channel_for(request.user, channel_id), message_id)
    return to_message(channel_id, message_id)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """One message with all that can be done to it; posting edits it."""
    found = channel_for(request.user, channel_id)
    row = message_in(found, message_id)
    errors: list[str] = []
    text = row.text
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        alts = {
            name.removeprefix("alt:"): str(alt)
            for name, alt in request.POST.items()
            if name.startswith("alt:")
        }
        data = EditMessage(id=message_id, text=text, alts=alts)
        try:
            do(request, "message.edit", found.topic, data)
        except Refusal as refusal:
            errors = texts_of(refusal)
        else:
            return to_message(channel_id, message_id)
    actor = actor_of(request)
    can = place_of(actor, found.topic).reach.can
    values = around(request, found) | {
        "can": can,
        "message": msgspec.to_builtins(shown([row])[0]),
        "languages": language_choices(),
        "versions": versions_of(actor, row, moderates="member.remove" in can),
        "is_bookmarked": row.pk in bookmarked(actor, found),
        "text": text,
        "errors": errors,
    }
    return render(request, "chat/message.html", values, status=422 if errors else 200)


@members_only
@require_POST
def delete(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """Take a message back."""
    do(request, "message.delete", f"chat:{channel_id}", DeleteMessage(id=message_id))
    return to_message(channel_id, message_id)


@members_only
@require_POST
def react(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """Put an emoji (``on``) on a message, or take it (``off``) away."""
    on = "on" in request.POST
    emoji = request.POST.get("on" if on else "off", "")
    data = React(id=message_id, emoji=emoji, on=on)
    if not attempt(request, "message.react", f"chat:{channel_id}", data):
        return redirect("chat:message", channel_id, message_id)
    return to_message(channel_id, message_id)
