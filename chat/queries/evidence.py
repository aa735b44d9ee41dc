"""What the moderators get of a reported message: it, and what stood around it."""

from collections.abc import Mapping, Sequence
from typing import Any

from base.clock import wire_time
from base.errors import NotFound
from chat.access import visible_channels
from chat.models import Message
from chat.queries.attachments import files_of
from chat.queries.channels import titles_of
from chat.queries.excerpts import excerpts
from files.events import FileCard
from members.models import Member
from moderation.registry import Evidence

NEIGHBOURS = 5


def message_evidence(actor: Member, message_id: int) -> Evidence:
    """A message as it is now, with up to five before and after it.

    Three queries, one more where files are shown, one in a conversation without a name.

    Raises:
        NotFound: no such message for this actor, or it was deleted.
    """
    people = Message.objects.select_related("author", "channel", "forward")
    message = people.filter(
        pk=message_id, deleted_at=None, channel__in=visible_channels(actor)
    ).first()
    if message is None:
        raise NotFound
    others = people.filter(channel=message.channel, deleted_at=None)
    before = list(others.filter(pk__lt=message_id).order_by("-pk")[:NEIGHBOURS])[::-1]
    after = list(others.filter(pk__gt=message_id).order_by("pk")[:NEIGHBOURS])
    files = files_of([row.pk for row in (*before, message, *after) if row.has_files])
    return Evidence(
        author=message.author,
        address=f"/chat/{message.channel_id}/m/{message_id}/",
        summary=excerpts([message])[message.pk],
        context={
            "channel": titles_of([message.channel], actor.pk)[message.channel_id],
            "it": _kept(message, files),
            "before": [_kept(row, files) for row in before],
            "after": [_kept(row, files) for row in after],
        },
    )


def _kept(message: Message, files: Mapping[int, Sequence[FileCard]]) -> dict[str, Any]:
    """A message with all its words: its own, those that it passes on, and its files'."""
    passed_on = message.forward.text if message.is_forward else ""
    shown = [f"[{': '.join(filter(None, (f.name, f.alt)))}]" for f in files.get(message.pk, ())]
    return {
        "id": message.pk,
        "author": message.author.name if message.author else "",
        "author_id": message.author_id,
        "at": wire_time(message.posted_at),
        "text": "\n\n".join(filter(None, (message.text, passed_on, *shown))),
    }
