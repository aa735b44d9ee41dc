"""Pages of channels: the list, one with its messages, its description, its people."""

from datetime import date, datetime, time

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import make_aware
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import NotFound, Refusal
from chat.access import channel_for, is_open_to, message_in
from chat.events import CreateChannel, DescribeChannel, NameMember, Nothing, PostMessage
from chat.forms.channels import ChannelForm, DescribeForm
from chat.models import Channel
from chat.pages.door import (
    around,
    attempt,
    authors_of,
    complain,
    do,
    number_in,
    texts_of,
    warn_of_unreached,
)
from chat.pages.threads import thread_pane
from chat.pages.unsent import answered, drop_draft, replied_in, schedule
from chat.pages.uploads import sent_files
from chat.queries import message_page
from chat.queries.copies import SHOWN_COPIES, is_large, own_copies
from chat.queries.languages import language_names, languages_read
from chat.queries.marks import bookmarked
from chat.queries.messages import first_since
from chat.queries.unsent import draft_in
from chat.vocabulary import Kind
from live.api import place_of
from members.models import Member
from members.pages.actor import actor_of
from members.pages.door import members_only
from members.queries.profiles import faces
from members.queries.roles import granted_roles
from members.vocabulary import OrganisationRole


@members_only
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """All channels that one may read."""
    return render(request, "chat/list.html", around(request))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    """A channel's messages; posting says something and comes back."""
    found = channel_for(request.user, channel_id)
    errors: list[str] = []
    text = ""
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        replied = replied_in(request)
        try:
            if "later" in request.POST:
                schedule(request, found, text, reply_to=replied)
                return redirect("chat:scheduled")
            with sent_files(request, request.user) as files:
                data = PostMessage(text=text, reply_to=replied, files=list(files))
                said = do(request, "message.post", found.topic, data)
            warn_of_unreached(request, found, said["id"], text)
            drop_draft(actor_of(request), found, None)
        except Refusal as refusal:
            errors = texts_of(refusal)
        else:
            return redirect(reverse("chat:channel", args=[channel_id]) + "#end")
    return _channel_page(request, found, text, errors)


def _channel_page(
    request: HttpRequest, found: Channel, text: str, errors: list[str]
) -> HttpResponse:
    place = place_of(request.user, found.topic)
    frame = around(request, found)
    actor = actor_of(request)
    middle = number_in(request, "message") or _at_date(request, found)
    draft, quoted = draft_in(actor, found.pk), _quoted(request, found)
    is_as_kept = not (text or quoted) and number_in(request, "reply_to") is None
    page = message_page(
        found, before=number_in(request, "before"), after=number_in(request, "after"), around=middle
    )
    messages = msgspec.to_builtins(page.messages)
    values = frame | {
        "can": place.reach.can,
        "position": {"epoch": frame["member_position"]["epoch"], "seq": place.head.seq},
        "messages": messages,
        "faces": faces(actor, authors_of(messages)),
        "reading": languages_read(actor_of(request)),
        "language_names": language_names(),
        "has_before": page.has_before,
        "has_after": page.has_after,
        "around": middle,
        "reply_to": answered(request, found, draft),
        "bookmarks": bookmarked(actor, found),
        "draft": draft if is_as_kept else None,
        "text": text or quoted + (draft.text if draft else ""),
        "errors": errors,
        "thread_pane": _beside(request, found),
    }
    return render(request, "chat/channel.html", values, status=422 if errors else 200)


def _beside(request: HttpRequest, found: Channel) -> SafeString | None:
    """The thread that the query asks for beside the room; None without one, or where it is gone."""
    number = number_in(request, "thread")
    if number is None:
        return None
    try:
        return thread_pane(request, found, number)
    except NotFound:
        return None


def _at_date(request: HttpRequest, found: Channel) -> int | None:
    """The first message of a day, in the reader's zone, that the query asks for; else None."""
    try:
        day = date.fromisoformat(request.GET.get("date", ""))
        return first_since(found, make_aware(datetime.combine(day, time())))
    except (ValueError, OverflowError):
        return None


def _quoted(request: HttpRequest, found: Channel) -> str:
    """What the composer begins with where a message is to be quoted."""
    number = number_in(request, "quote")
    if number is None:
        return ""
    lines = message_in(found, number).text.split("\n")
    return "\n".join(f"> {line}" for line in lines) + "\n\n"


def _represented(actor: Member) -> list[tuple[int, str]]:
    """The organisations that the actor represents, by id and name."""
    roles = granted_roles(actor).filter(role=OrganisationRole.REPRESENTATIVE)
    return [(row.organisation_id, row.organisation.name) for row in roles]


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a channel."""
    form = ChannelForm(request.POST or None, houses=_represented(actor_of(request)))
    if request.method == "POST" and form.is_valid():
        data = CreateChannel(
            organisation=form.cleaned_data.get("organisation"),
            name=form.cleaned_data["name"],
            purpose=form.cleaned_data["purpose"],
            is_public=form.cleaned_data["is_public"],
        )
        try:
            reply = do(request, "channel.create", "", data)
        except Refusal as refusal:
            complain(form, refusal)
        else:
            return redirect("chat:channel", reply["id"])
    values = around(request) | {"channel": None, "form": form}
    return render(request, "chat/form.html", values, status=422 if form.errors else 200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Rename a channel."""
    found = channel_for(request.user, channel_id)
    now_so = {name: getattr(found, name) for name in ("name", "purpose", "slow_mode_s")}
    form = DescribeForm(request.POST or None, initial=now_so)
    form.fields["name"].required = found.kind == Kind.CHANNEL
    if found.kind != Kind.CHANNEL:
        del form.fields["slow_mode_s"]
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in now_so if name in form.fields}
        data = DescribeChannel(**said)
        try:
            do(request, "channel.edit", found.topic, data)
        except Refusal as refusal:
            complain(form, refusal)
        else:
            return redirect("chat:channel", channel_id)
    can = place_of(request.user, found.topic).reach.can
    values = around(request, found) | {"form": form, "can": can}
    if "channel.archive" in can:
        copies = own_copies(actor_of(request), found)[:SHOWN_COPIES]
        values |= {"is_large": is_large(found), "copies": list(copies)}
    return render(request, "chat/form.html", values, status=422 if form.errors else 200)


@members_only
@require_POST
def join(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Join a public channel."""
    do(request, "channel.join", f"chat:{channel_id}", Nothing())
    return redirect("chat:channel", channel_id)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Leave a channel; whoever cannot come back by themselves is asked first."""
    if request.method != "POST":
        found = channel_for(request.user, channel_id)
        if "channel.leave" not in place_of(request.user, found.topic).reach.can:
            return redirect("chat:channel", channel_id)
        comes_back = is_open_to(actor_of(request), found)
        values = around(request, found) | {"comes_back": comes_back}
        return render(request, "chat/leave.html", values)
    if not attempt(request, "channel.leave", f"chat:{channel_id}", Nothing()):
        # Whoever is the last owner finds there whom to make another.
        return redirect("chat:members", channel_id)
    return redirect("chat:channels")


@members_only
@require_POST
def remove(request: HttpRequest, channel_id: int, member_id: int) -> HttpResponse:
    """Remove somebody from a channel."""
    do(request, "member.remove", f"chat:{channel_id}", NameMember(member=member_id))
    return redirect("chat:members", channel_id)
