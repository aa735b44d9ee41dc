"""What every page of the chat does: let in, take the form's key, run the command, say what ails."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from base.errors import NotFound, Refusal
from base.ids import new_key, parse_id, parse_key
from chat.access import message_in
from chat.models import Channel, Message
from chat.queries import channel_rows, list_groups, listed_channels
from chat.queries.audience import is_here_quiet
from chat.queries.marks import unreached
from chat.queries.places import sections_of
from live.log import epoch, heads
from live.performing import perform_form
from members.access import is_member
from members.pages.actor import actor_of


def around(request: HttpRequest, found: Channel | None = None) -> dict[str, Any]:
    """What every page of the chat shows: the lists of channels, and a key for its form.

    With a channel that the reader was let into, also that one as ``channel``, at no further cost.
    """
    position = {"epoch": str(epoch()), "seq": _head(f"member:{request.user.pk}")}
    listed = list(listed_channels(request.user)[:500])
    drawn = listed if found is None or found in listed else [*listed, found]
    every = channel_rows(request.user, drawn)
    rows = every[: len(listed)]
    sections = sections_of(request.user) if is_member(request.user) else []
    own = [row for row in rows if row["is_member"]]
    values: dict[str, Any] = {
        "channels": own,
        "groups": list_groups(own, sections),
        "other_channels": [row for row in rows if not row["is_member"]],
        "sections": sections,
        "unread_total": sum(row["unread"] for row in own if not row["is_muted"]),
        "member_position": position,
        "key": str(new_key()),
    }
    if found is not None:
        values["channel"] = next(row for row in every if row["id"] == found.pk)
    return values


def _head(topic: str) -> int:
    found = heads([topic]).get(topic)
    return found.seq if found else 0


def do(request: HttpRequest, cmd: str, topic: str, data: msgspec.Struct) -> dict[str, Any]:
    """Run a command for the signed-in member under the key that the form carries."""
    key = parse_key(request.POST.get("key"))
    return perform_form(actor=request.user, cmd=cmd, topic=topic, data=data, key=key)


def attempt(request: HttpRequest, cmd: str, topic: str, data: msgspec.Struct) -> bool:
    """Run a command; whether it was done.

    What it refuses for its values, or for how things stand, is said on the page that comes next.
    """
    try:
        do(request, cmd, topic, data)
    except Refusal as refusal:
        if refusal.status not in {409, 422}:
            raise
        for text in texts_of(refusal):
            messages.error(request, text)
        return False
    return True


def number_in(request: HttpRequest, name: str) -> int | None:
    """A message's id out of the query; None without one.

    Raises:
        NotFound: it is no id.
    """
    text = request.GET.get(name)
    if not text:
        return None
    number = parse_id(text)
    if number is None:
        raise NotFound
    return number


def authors_of(messages: Iterable[Mapping[str, Any]]) -> set[int]:
    """Ids of those who said something."""
    return {message["author"]["id"] for message in messages if message["author"]}


def warn_of_unreached(request: HttpRequest, found: Channel, message_id: int, text: str) -> None:
    """Say whom a message that was just sent names without their reading it, or being told."""
    if "@[" not in text and "@here" not in text.lower():
        return
    message = message_in(found, message_id)
    if is_here_quiet(message):
        messages.warning(request, _("This room is too large for @here: nobody was notified."))
    names = unreached(actor_of(request), message)
    if names:
        said = _("Cannot read this room and will not see your message: %(names)s")
        messages.warning(request, said % {"names": ", ".join(names)})


def to_message(channel_id: int, message_id: int) -> HttpResponse:
    """To the page of the channel, or of the thread, around a message. One query."""
    rows = Message.objects.filter(pk=message_id, channel=channel_id, thread__isnull=False)
    root = rows.values_list("thread_id", flat=True).first()
    address = (
        reverse("chat:thread", args=[channel_id, root])
        if root
        else reverse("chat:channel", args=[channel_id])
    )
    return redirect(f"{address}?message={message_id}#m-{message_id}")


def texts_of(refusal: Refusal) -> list[str]:
    """What a form says of a refusal: its fields' messages, else its one sentence."""
    return [str(text) for texts in refusal.fields.values() for text in texts] or [
        str(refusal.detail)
    ]


def complain(form: Any, refusal: Refusal) -> None:
    """Show what the action refused at the fields that it names."""
    for name, texts in refusal.fields.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
    if not refusal.fields:
        form.add_error(None, str(refusal.detail))
