"""Pages of threads inside a channel: one with its replies, and those that one follows."""

from typing import Any

import msgspec
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import NotFound, Refusal
from base.ids import new_key
from chat.access import channel_for, message_in
from chat.events import PostMessage
from chat.events.threads import FollowThread, ReadThread
from chat.models import Channel, Message
from chat.pages.door import around, authors_of, do, number_in, texts_of, warn_of_unreached
from chat.pages.unsent import answered, drop_draft, replied_in, schedule
from chat.pages.uploads import sent_files
from chat.queries import channel_rows, message_page, shown, titles_of
from chat.queries.languages import language_names, languages_read
from chat.queries.marks import bookmarked
from chat.queries.threads import followed_threads, thread_place
from chat.queries.unsent import draft_in
from live.api import place_of
from live.follows import Place
from live.log import epoch
from members.pages.actor import actor_of
from members.pages.door import members_only
from members.queries.profiles import faces

THREADS_A_PAGE = 50


@members_only
@require_safe
def threads(request: HttpRequest) -> HttpResponse:
    """The threads that one follows, the one with the newest reply first."""
    page = Paginator(followed_threads(actor_of(request)), THREADS_A_PAGE).get_page(
        request.GET.get("page")
    )
    places = list(page)
    roots = shown([place.root for place in places])
    titles = titles_of([place.root.channel for place in places], request.user.pk or 0)
    values = around(request) | {
        "rows": [
            {
                "root": msgspec.to_builtins(root),
                "channel": {"id": pk, "title": titles[pk]},
                "place": place,
            }
            for root, place in zip(roots, places, strict=True)
            for pk in [place.root.channel_id]
        ],
        "page": page,
    }
    return render(request, "chat/threads.html", values)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """A message and the replies under it; posting replies there."""
    found = channel_for(request.user, channel_id)
    place = place_of(request.user, found.topic)
    root = message_in(found, message_id)
    if root.thread_id is not None:
        address = reverse("chat:thread", args=[channel_id, root.thread_id])
        return redirect(f"{address}?message={message_id}#m-{message_id}")
    if root.deleted_at is not None and not root.replies:
        raise NotFound
    errors: list[str] = []
    text = ""
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        replied = replied_in(request)
        try:
            if "later" in request.POST:
                schedule(request, found, text, reply_to=replied, thread=message_id)
                return redirect("chat:scheduled")
            with sent_files(request, actor_of(request)) as files:
                data = PostMessage(
                    text=text, reply_to=replied, thread=message_id, files=list(files)
                )
                said = do(request, "message.post", found.topic, data)
            warn_of_unreached(request, found, said["id"], text)
            drop_draft(actor_of(request), found, message_id)
        except Refusal as refusal:
            errors = texts_of(refusal)
        else:
            return redirect(reverse("chat:thread", args=[channel_id, message_id]) + "#end")
    values = _thread_values(request, found, place, root) | {"errors": errors}
    if text:
        values |= {"text": text, "draft": None}
    return render(request, "chat/thread.html", values, status=422 if errors else 200)


def _thread_values(
    request: HttpRequest, found: Channel, place: Place, root: Message, *, is_beside: bool = False
) -> dict[str, Any]:
    """What a page of a thread shows, or (``is_beside``) the pane beside its room.

    The place in the log was read before the message under which the thread stands.
    """
    actor = actor_of(request)
    frame: dict[str, Any]
    if is_beside:
        frame = {"channel": channel_rows(actor, [found])[0], "key": str(new_key())}
        log = str(epoch())
    else:
        frame = around(request, found)
        log = frame["member_position"]["epoch"]
    middle = number_in(request, "message")
    page = message_page(
        found,
        thread=root.pk,
        before=number_in(request, "before"),
        after=number_in(request, "after"),
        around=middle,
        above=root,
    )
    own = thread_place(actor, root)
    draft = draft_in(actor, found.pk, root.pk)
    top, *replies = msgspec.to_builtins(page.messages)
    return frame | {
        "can": place.reach.can,
        "position": {"epoch": log, "seq": place.head.seq},
        "root": top,
        "messages": replies,
        "thread_messages": [top, *replies],
        "faces": faces(actor, authors_of([top, *replies])),
        "place": own,
        "read_seq": own.read_seq if own else None,
        "bookmarks": bookmarked(actor, found),
        "draft": draft,
        "text": draft.text if draft else "",
        "reading": languages_read(actor),
        "language_names": language_names(),
        "has_before": page.has_before,
        "has_after": page.has_after,
        "around": middle,
        "reply_to": answered(request, found, draft, is_beside=is_beside),
    }


@members_only
@require_safe
def pane(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """A thread alone, for the pane beside its room."""
    found = channel_for(request.user, channel_id)
    return HttpResponse(thread_pane(request, found, message_id))


def thread_pane(request: HttpRequest, found: Channel, message_id: int) -> SafeString:
    """What the pane beside a room holds: the thread under a message, from its newest reply.

    Raises:
        NotFound: there is no such thread.
    """
    place = place_of(request.user, found.topic)
    root = message_in(found, message_id)
    if root.thread_id is not None or (root.deleted_at is not None and not root.replies):
        raise NotFound
    values = _thread_values(request, found, place, root, is_beside=True) | {"pane": "pane-"}
    return render_to_string("chat/_thread.html", values, request)


@members_only
@require_POST
def follow(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """Follow a thread (``on``), or stop it."""
    data = FollowThread(id=message_id, on="on" in request.POST)
    do(request, "thread.follow", f"chat:{channel_id}", data)
    if "pane" in request.POST:
        return redirect(f"{reverse('chat:channel', args=[channel_id])}?thread={message_id}")
    return redirect("chat:thread", channel_id, message_id)


@members_only
@require_POST
def read(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """All replies of a thread are read."""
    found = channel_for(request.user, channel_id)
    head = place_of(actor_of(request), found.topic).head.seq
    do(request, "thread.read", found.topic, ReadThread(id=message_id, seq=head))
    return redirect("chat:unread" if "unread" in request.POST else "chat:threads")
