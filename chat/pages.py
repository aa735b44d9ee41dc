"""The chat's pages, and the plain forms that work without a script."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import NotFound, Refusal
from base.ids import new_key, parse_key
from base.text import excerpt
from chat.access import channel_for, message_in
from chat.events import (
    CreateChannel,
    DeleteMessage,
    DescribeChannel,
    EditMessage,
    NameMember,
    Nothing,
    PostMessage,
    React,
)
from chat.forms import AddMemberForm, ChannelForm
from chat.models import Channel
from chat.queries import (
    channel_rows,
    listed_channels,
    message_page,
    messages_with_people,
    people_of,
    shown,
)
from chat.vocabulary import EXCERPT
from live.api import place_of
from live.log import epoch, heads
from live.units import perform
from members.access import is_member, visible_members
from members.queries import member_card

View = Callable[..., HttpResponse]
PEOPLE_A_PAGE = 100


def members_only(view: View) -> View:
    """A page for full members; others sign in, guests find nothing."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_member(request.user):
            raise NotFound
        return view(request, *args, **kwargs)

    return wrapped


def _around(request: HttpRequest) -> dict[str, Any]:
    """What every page of the chat shows: the lists of channels, and a key for its form."""
    position = {"epoch": str(epoch()), "seq": _head(f"member:{request.user.pk}")}
    rows = channel_rows(request.user, list(listed_channels(request.user)[:500]))
    return {
        "channels": [row for row in rows if row["is_member"]],
        "other_channels": [row for row in rows if not row["is_member"]],
        "member_position": position,
        "key": str(new_key()),
    }


def _head(topic: str) -> int:
    found = heads([topic]).get(topic)
    return found.seq if found else 0


def _do(request: HttpRequest, cmd: str, topic: str, data: msgspec.Struct) -> dict[str, Any]:
    """Run a command for the signed-in member under the key that the form carries."""
    key = parse_key(request.POST.get("key"))
    return perform(actor=request.user, cmd=cmd, topic=topic, data=data, key=key)


def _number(request: HttpRequest, name: str) -> int | None:
    """A message's id out of the query; None without one.

    Raises:
        NotFound: it is no id.
    """
    text = request.GET.get(name)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - bigint
        raise NotFound
    return int(text)


def _to_message(channel_id: int, message_id: int) -> HttpResponse:
    address = reverse("chat:channel", args=[channel_id])
    return redirect(f"{address}?message={message_id}#m-{message_id}")


def _texts(refusal: Refusal) -> list[str]:
    """What a form says of a refusal: its fields' messages, else its one sentence."""
    return [str(text) for texts in refusal.fields.values() for text in texts] or [
        str(refusal.detail)
    ]


@members_only
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """All channels that one may read."""
    return render(request, "chat/list.html", _around(request))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    """A channel's messages; posting says something and comes back."""
    found = channel_for(request.user, channel_id)
    errors: list[str] = []
    text = ""
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        reply = request.POST.get("reply_to", "")
        data = PostMessage(text=text, reply_to=int(reply) if reply.isdigit() else None)
        try:
            _do(request, "message.post", found.topic, data)
        except Refusal as refusal:
            errors = _texts(refusal)
        else:
            return redirect(reverse("chat:channel", args=[channel_id]) + "#end")
    return _channel_page(request, found, text, errors)


def _channel_page(
    request: HttpRequest, found: Channel, text: str, errors: list[str]
) -> HttpResponse:
    place = place_of(request.user, found.topic)
    position = {"epoch": str(epoch()), "seq": place.head.seq}
    around = _number(request, "message")
    page = message_page(
        found, before=_number(request, "before"), after=_number(request, "after"), around=around
    )
    values = _around(request) | {
        "channel": channel_rows(request.user, [found])[0],
        "can": place.reach.can,
        "position": position,
        "messages": msgspec.to_builtins(page.messages),
        "has_before": page.has_before,
        "has_after": page.has_after,
        "around": around,
        "reply_to": _reply_to(request, found),
        "text": text,
        "errors": errors,
    }
    return render(request, "chat/channel.html", values, status=422 if errors else 200)


def _reply_to(request: HttpRequest, found: Channel) -> dict[str, Any] | None:
    number = _number(request, "reply_to")
    if number is None:
        reply = request.POST.get("reply_to", "")
        number = int(reply) if reply.isascii() and reply.isdigit() and len(reply) < 19 else None  # noqa: PLR2004 - bigint
    if number is None:
        return None
    message = message_in(found, number)
    author = message.author
    return {
        "id": message.pk,
        "author": {"id": author.pk, "name": author.name} if author else None,
        "excerpt": excerpt(message.text, EXCERPT),
    }


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a channel."""
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = CreateChannel(
            name=form.cleaned_data["name"],
            purpose=form.cleaned_data["purpose"],
            is_public=form.cleaned_data["is_public"],
        )
        try:
            reply = _do(request, "channel.create", "", data)
        except Refusal as refusal:
            _complain(form, refusal)
        else:
            return redirect("chat:channel", reply["id"])
    values = _around(request) | {"channel": None, "form": form}
    return render(request, "chat/form.html", values, status=422 if form.errors else 200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Rename a channel."""
    found = channel_for(request.user, channel_id)
    form = ChannelForm(request.POST or None, initial={"name": found.name, "purpose": found.purpose})
    del form.fields["is_public"]
    if request.method == "POST" and form.is_valid():
        data = DescribeChannel(name=form.cleaned_data["name"], purpose=form.cleaned_data["purpose"])
        try:
            _do(request, "channel.edit", found.topic, data)
        except Refusal as refusal:
            _complain(form, refusal)
        else:
            return redirect("chat:channel", channel_id)
    row = channel_rows(request.user, [found])[0]
    values = _around(request) | {"channel": row, "form": form}
    return render(request, "chat/form.html", values, status=422 if form.errors else 200)


def _complain(form: Any, refusal: Refusal) -> None:
    """Show what the action refused at the fields that it names."""
    for name, texts in refusal.fields.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
    if not refusal.fields:
        form.add_error(None, str(refusal.detail))


@members_only
@require_POST
def join(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Join a public channel."""
    _do(request, "channel.join", f"chat:{channel_id}", Nothing())
    return redirect("chat:channel", channel_id)


@members_only
@require_POST
def leave(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Leave a channel."""
    _do(request, "channel.leave", f"chat:{channel_id}", Nothing())
    return redirect("chat:channels")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Who is in a channel; moderators add somebody by e-mail address."""
    found = channel_for(request.user, channel_id)
    place = place_of(request.user, found.topic)
    form = AddMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        member = visible_members(request.user).filter(email=email).first()
        if member is None:
            form.add_error("email", _("No member has this address."))
        else:
            try:
                _do(request, "member.add", found.topic, NameMember(member=member.pk))
            except Refusal as refusal:
                _complain(form, refusal)
            else:
                return redirect("chat:members", channel_id)
    page = Paginator(people_of(found), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    people = [
        {"member": member_card(row.member), "role": row.role, "joined_at": row.joined_at}
        for row in page
    ]
    values = _around(request) | {
        "channel": channel_rows(request.user, [found])[0],
        "can": place.reach.can,
        "people": people,
        "page": page,
        "form": form if "member.add" in place.reach.can else None,
        "errors": [],
    }
    return render(request, "chat/members.html", values, status=422 if form.errors else 200)


@members_only
@require_POST
def remove(request: HttpRequest, channel_id: int, member_id: int) -> HttpResponse:
    """Remove somebody from a channel."""
    _do(request, "member.remove", f"chat:{channel_id}", NameMember(member=member_id))
    return redirect("chat:members", channel_id)


@members_only
@require_safe
def permalink(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """The short address of a message: the channel's page around it."""
    message_in(channel_for(request.user, channel_id), message_id)
    return _to_message(channel_id, message_id)


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
        try:
            _do(request, "message.edit", found.topic, EditMessage(id=message_id, text=text))
        except Refusal as refusal:
            errors = _texts(refusal)
        else:
            return _to_message(channel_id, message_id)
    values = _around(request) | {
        "channel": channel_rows(request.user, [found])[0],
        "can": place_of(request.user, found.topic).reach.can,
        "message": msgspec.to_builtins(shown(messages_with_people().filter(pk=row.pk))[0]),
        "text": text,
        "errors": errors,
    }
    return render(request, "chat/message.html", values, status=422 if errors else 200)


@members_only
@require_POST
def delete(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """Take a message back."""
    _do(request, "message.delete", f"chat:{channel_id}", DeleteMessage(id=message_id))
    return _to_message(channel_id, message_id)


@members_only
@require_POST
def react(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """Put an emoji (``on``) on a message, or take it (``off``) away."""
    on = "on" in request.POST
    emoji = request.POST.get("on" if on else "off", "")
    data = React(id=message_id, emoji=emoji, on=on)
    _do(request, "message.react", f"chat:{channel_id}", data)
    return _to_message(channel_id, message_id)
