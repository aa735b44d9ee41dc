"""All that is unread on one page, rooms and then threads, the newest context first; reading it."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from chat.events.places import ReadChannels
from chat.pages.door import around, do
from chat.queries.threads import unread_threads
from chat.queries.unread import unread_channels
from members.pages.actor import actor_of
from members.pages.door import members_only

CHANNELS_A_PAGE = 20
THREADS_A_PAGE = 20
MOST = 500


@members_only
@require_safe
def unread(request: HttpRequest) -> HttpResponse:
    """Every channel with unread messages and the newest five, every thread with unread replies."""
    found = unread_channels(actor_of(request), limit=CHANNELS_A_PAGE + 1)
    parts = [
        {"channel": part.channel, "messages": msgspec.to_builtins(part.messages)}
        for part in found[:CHANNELS_A_PAGE]
    ]
    values = around(request) | {
        "channel": None,
        "parts": parts,
        "threads": unread_threads(actor_of(request), limit=THREADS_A_PAGE),
        "has_more": len(found) > CHANNELS_A_PAGE,
    }
    return render(request, "chat/unread.html", values)


@members_only
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page showed, and nothing that came since: ``seq-<channel>=<seq>``."""
    seqs = {}
    for name, values in list(request.POST.lists())[: MOST + 2]:
        text = str(values[-1])
        kind, _, number = name.partition("-")
        if kind == "seq" and number.isdigit() and text.isascii() and text.isdigit():
            seqs[number] = min(int(text[:18]), 2**62)
    do(request, "channels.read", f"member:{request.user.pk}", ReadChannels(seqs=seqs))
    return redirect("chat:unread")
