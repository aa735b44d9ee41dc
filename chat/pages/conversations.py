"""Pages of conversations: beginning one from a profile, or with people that one chooses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from base.errors import NotFound, Refusal
from base.ids import parse_id
from chat.events import StartConversation
from chat.pages.door import around, do, texts_of
from chat.vocabulary import MAX_GROUP, MAX_NAME
from members.access import visible_members
from members.pages.door import members_only
from members.queries import listed_members

FOUND = 20


@members_only
@require_POST
def direct(request: HttpRequest, member_id: int) -> HttpResponse:
    """To the one direct conversation with a member, begun where there is none."""
    reply = do(request, "conversation.start", "", StartConversation(members=[member_id]))
    return redirect("chat:channel", int(str(reply["topic"]).partition(":")[2]))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def converse(request: HttpRequest) -> HttpResponse:
    """Choose one or several people, found by name, and begin to talk with them.

    Who was chosen stays chosen while one looks for others.
    """
    said = request.POST if request.method == "POST" else request.GET
    chosen_ids = _ids(said.getlist("with"))
    title = said.get("title", "")
    errors: list[str] = []
    if request.method == "POST" and "find" not in said:
        data = StartConversation(members=chosen_ids, title=title)
        try:
            reply = do(request, "conversation.start", "", data)
        except Refusal as refusal:
            if isinstance(refusal, NotFound):
                errors = [_("One of them is no member any more.")]
            else:
                errors = texts_of(refusal)
        else:
            return redirect("chat:channel", int(str(reply["topic"]).partition(":")[2]))
    search = said.get("q", "").strip()
    people = listed_members(request.user, search=search).exclude(
        pk__in=[*chosen_ids, request.user.pk]
    )
    chosen = visible_members(request.user).filter(pk__in=chosen_ids).order_by("name", "pk")
    values = around(request) | {
        "channel": None,
        "chosen": list(chosen),
        "found": list(people[:FOUND]),
        "search": search,
        "title": title,
        "max_title": MAX_NAME,
        "errors": errors,
    }
    return render(request, "chat/converse.html", values, status=422 if errors else 200)


def _ids(texts: list[str]) -> list[int]:
    """The ids among what a form sent, at most as many as a group has people."""
    ids = [number for text in texts if (number := parse_id(text)) is not None]
    return list(dict.fromkeys(ids))[:MAX_GROUP]
