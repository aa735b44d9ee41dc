"""Reads of messages; they leave here in the one shape of the wire."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from base.clock import wire_time
from base.text import excerpt
from chat.events import Author, MessageEdited, MessagePosted, ReactionTotal, ReplyTo
from chat.models import Channel, Message, Reaction
from chat.vocabulary import EXCERPT, PAGE, SHOWN_REACTORS
from live.registry import load_actors
from live.rows import fetch
from members.events import Card
from members.queries import member_card


@dataclass(frozen=True)
class MessagePage:
    """Some messages of a channel, oldest first, and whether there are others around them."""

    messages: list[MessagePosted]
    has_before: bool
    has_after: bool


def messages_with_people() -> QuerySet[Message]:
    """Messages with all that their shape needs, but their reactions."""
    return Message.objects.select_related("author__organisation", "reply_to__author")


def messages_by_id(ids: Collection[int]) -> dict[int, Message]:
    """Those messages with all that their shape needs, but their reactions; missing ones left out.

    Four queries at most, of the cheap kind: every event that another process wrote is read so.
    """
    found = {row.pk: row for row in fetch(Message, ("id",), [(pk,) for pk in ids])}
    answered = {row.reply_to_id for row in found.values() if row.reply_to_id is not None}
    replied = {row.pk: row for row in fetch(Message, ("id",), [(pk,) for pk in answered])}
    both = (*found.values(), *replied.values())
    people = load_actors({row.author_id for row in both if row.author_id is not None})
    for row in both:
        row.author = people.get(row.author_id or 0)
    for row in found.values():
        row.reply_to = replied.get(row.reply_to_id or 0)
    return found


def reactions_of(message_ids: Collection[int]) -> dict[int, list[ReactionTotal]]:
    """Totals by message, each message's emoji in the order of their first use. One query."""
    if not message_ids:
        return {}
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = fetch(Reaction, ("message_id",), [(pk,) for pk in message_ids])
    for row in sorted(rows, key=lambda row: row.pk):
        found[row.message_id][row.emoji].append(row.member_id)
    return {
        message: [
            ReactionTotal(emoji=emoji, total=len(ids), members=sorted(ids)[:SHOWN_REACTORS])
            for emoji, ids in by_emoji.items()
        ]
        for message, by_emoji in found.items()
    }


def shown(messages: Iterable[Message]) -> list[MessagePosted]:
    """Messages in the shape of the wire. One query, given :func:`messages_with_people`."""
    rows = list(messages)
    reactions = reactions_of([row.pk for row in rows if row.deleted_at is None])
    return [shown_one(row, reactions.get(row.pk, [])) for row in rows]


def shown_one(
    message: Message,
    reactions: list[ReactionTotal],
    kind: type[MessagePosted] = MessagePosted,
) -> MessagePosted:
    """One message in the shape of the wire, with these reactions. No query."""
    is_deleted = message.deleted_at is not None
    more = {"excerpt": excerpt(message.text, EXCERPT)} if kind is MessageEdited else {}
    return kind(
        id=message.pk,
        seq=message.seq,
        text=message.text,
        html=message.html,
        author=Card(**member_card(message.author)) if message.author else None,
        language=message.language,
        reply_to=None if is_deleted else _reply(message.reply_to),
        posted_at=wire_time(message.posted_at),
        edited_at=wire_time(message.edited_at) if message.edited_at else None,
        deleted=is_deleted,
        reactions=[] if is_deleted else reactions,
        **more,
    )


def _reply(message: Message | None) -> ReplyTo | None:
    if message is None:
        return None
    author = Author(id=message.author.pk, name=message.author.name) if message.author else None
    return ReplyTo(id=message.pk, author=author, excerpt=excerpt(message.text, EXCERPT))


def message_page(
    channel: Channel,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = PAGE,
) -> MessagePage:
    """The newest messages, or those before, after or around a message's id.

    Four queries at most, whatever the number of messages.
    """
    rows = messages_with_people().filter(channel=channel)
    if around is not None:
        older = list(rows.filter(pk__lt=around).order_by("-pk")[: limit // 2 + 1])
        newer = list(rows.filter(pk__gte=around).order_by("pk")[: limit - limit // 2 + 1])
        half, rest = limit // 2, limit - limit // 2
        page = [*reversed(older[:half]), *newer[:rest]]
        return MessagePage(shown(page), len(older) > half, len(newer) > rest)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
        return MessagePage(shown(found[:limit]), has_before=True, has_after=len(found) > limit)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: limit + 1])
    return MessagePage(
        shown(reversed(found[:limit])), len(found) > limit, has_after=before is not None
    )
