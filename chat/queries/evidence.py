"""What the moderators get of a reported message: it, and what stood around it."""

from typing import Any

from base.clock import wire_time
from base.errors import NotFound
from chat.access import visible_channels
from chat.models import Message
from chat.queries.excerpts import excerpts
from members.models import Member
from moderation.registry import Evidence

NEIGHBOURS = 5


def message_evidence(actor: Member, message_id: int) -> Evidence:
    """A message as it is now, with up to five before and after it. Three queries.

    Raises:
        NotFound: no such message for this actor, or it was deleted.
    """
    people = Message.objects.select_related("author", "channel")
    message = people.filter(
        pk=message_id, deleted_at=None, channel__in=visible_channels(actor)
    ).first()
    if message is None:
        raise NotFound
    others = people.filter(channel=message.channel, deleted_at=None)
    before = others.filter(pk__lt=message_id).order_by("-pk")[:NEIGHBOURS]
    after = others.filter(pk__gt=message_id).order_by("pk")[:NEIGHBOURS]
    return Evidence(
        author=message.author,
        address=f"/chat/{message.channel_id}/m/{message_id}/",
        summary=excerpts([message])[message.pk],
        context={
            "channel": message.channel.name,
            "it": _kept(message),
            "before": [_kept(row) for row in reversed(before)],
            "after": [_kept(row) for row in after],
        },
    )


def _kept(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "author": message.author.name if message.author else "",
        "author_id": message.author_id,
        "at": wire_time(message.posted_at),
        "text": message.text,
    }
