"""Reads of messages; they leave here in the one shape of the wire."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from base.clock import wire_time
from base.mentions import with_names
from chat.events.messages import (
    Mentioned,
    MessageEdited,
    MessagePosted,
    ReactionTotal,
    ReplyTo,
)
from chat.events.previews import LinkPreview
from chat.models import Channel, Forward, Message, Reaction
from chat.queries.attachments import files_of
from chat.queries.excerpts import excerpts, in_a_line
from chat.queries.marks import MENTIONS, author_of, forwarded, forwards_of, mentions_of
from chat.queries.previews import LINK, previews_of
from chat.queries.threads import replies_under
from chat.vocabulary import PAGE, SHOWN_REACTORS
from files.events import FileCard
from live.registry import load_actors
from live.rows import fetch
from members.events import Card
from members.models import Member
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


@dataclass(frozen=True)
class Around:
    """What hangs on one message beside its row and its author.

    Attributes:
        people: Members by id, for the last repliers.
        quoted: One line of the message that it answers.
    """

    reactions: list[ReactionTotal] = field(default_factory=list)
    mentions: list[Mentioned] = field(default_factory=list)
    people: Mapping[int, Member] = field(default_factory=dict)
    forward: Forward | None = None
    previews: list[LinkPreview] = field(default_factory=list)
    files: list[FileCard] = field(default_factory=list)
    quoted: str = ""


def around(messages: Collection[Message]) -> dict[int, Around]:
    """What hangs on these messages, by id.

    One query; one or two more for each of mentions, threads, forwards, files and answered messages
    without a text if there are any.
    """
    alive = [row for row in messages if row.deleted_at is None]
    reactions = reactions_of([row.pk for row in alive])
    mentions = mentions_of([row.pk for row in alive if MENTIONS in row.html])
    repliers = {pk for row in messages for pk in row.repliers or ()}
    people = load_actors(repliers) if repliers else {}
    forwards = forwards_of([row.pk for row in alive if row.is_forward])
    previews = previews_of([row.pk for row in alive if LINK in row.html])
    files = files_of([row.pk for row in alive if row.has_files])
    quoted = excerpts({row.reply_to for row in alive if row.reply_to})
    return {
        row.pk: Around(
            reactions=reactions.get(row.pk, []),
            mentions=mentions.get(row.pk, []),
            people=people,
            forward=forwards.get(row.pk),
            previews=previews.get(row.pk, []),
            files=files.get(row.pk, []),
            quoted=quoted.get(row.reply_to_id or 0, ""),
        )
        for row in messages
    }


def shown(messages: Iterable[Message]) -> list[MessagePosted]:
    """Messages in the shape of the wire. As :func:`around`, given :func:`messages_with_people`."""
    rows = list(messages)
    known = around(rows)
    return [shown_one(row, known[row.pk]) for row in rows]


def shown_one(
    message: Message, known: Around, kind: type[MessagePosted] = MessagePosted
) -> MessagePosted:
    """One message in the shape of the wire, with what hangs on it. No query."""
    is_deleted = message.deleted_at is not None
    passed_on = known.forward.text if known.forward and not is_deleted else ""
    more = (
        {"excerpt": in_a_line(message.text, passed_on, known.files)}
        if kind is MessageEdited
        else {}
    )
    html = message.html
    if known.mentions:
        names = {(each.kind, each.id): each.name for each in known.mentions}
        html = with_names(html, names, keep_others=True)
    return kind(
        id=message.pk,
        seq=message.seq,
        text=message.text,
        html=html,
        author=Card(**member_card(message.author)) if message.author else None,
        language=message.language,
        reply_to=None if is_deleted else _reply(message.reply_to, known.quoted),
        posted_at=wire_time(message.posted_at),
        edited_at=wire_time(message.edited_at) if message.edited_at else None,
        deleted=is_deleted,
        reactions=[] if is_deleted else known.reactions,
        mentions=[] if is_deleted else known.mentions,
        thread=message.thread_id,
        replies=replies_under(message, known.people),
        pinned=message.pinned_at is not None,
        forwarded=forwarded(known.forward) if known.forward and not is_deleted else None,
        previews=[] if is_deleted else known.previews,
        files=[] if is_deleted else known.files,
        **more,
    )


def _reply(message: Message | None, quoted: str) -> ReplyTo | None:
    if message is None:
        return None
    return ReplyTo(id=message.pk, author=author_of(message.author), excerpt=quoted)


def message_page(
    channel: Channel,
    *,
    thread: int | None = None,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = PAGE,
    above: Message | None = None,
) -> MessagePage:
    """The newest messages, or those before, after or around a message's id.

    Those of the channel itself, or of the thread under a message. ``above`` stands before them,
    as :func:`messages_with_people` has it. Two queries for the rows at most, and those of
    :func:`around`.
    """
    rows = messages_with_people().filter(channel=channel, thread=thread)
    if around is not None:
        older = list(rows.filter(pk__lt=around).order_by("-pk")[: limit // 2 + 1])
        newer = list(rows.filter(pk__gte=around).order_by("pk")[: limit - limit // 2 + 1])
        half, rest = limit // 2, limit - limit // 2
        page = [*reversed(older[:half]), *newer[:rest]]
        has_before, has_after = len(older) > half, len(newer) > rest
    elif after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
        page, has_before, has_after = found[:limit], True, len(found) > limit
    else:
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found = list(rows.order_by("-pk")[: limit + 1])
        page = found[:limit][::-1]
        has_before, has_after = len(found) > limit, before is not None
    return MessagePage(shown([above, *page] if above else page), has_before, has_after)


_IS_LATE = """
    %(at)s <= COALESCE((
        SELECT posted_at FROM chat_message
        WHERE channel_id = %(channel)s AND thread_id IS NULL AND seq > (low + high) / 2
        ORDER BY seq LIMIT 1
    ), %(at)s)
"""
_FIRST_SINCE = f"""
    WITH RECURSIVE halves (low, high) AS (
        SELECT CAST(0 AS bigint), CAST(%(last)s AS bigint)
        UNION ALL
        SELECT CASE WHEN {_IS_LATE} THEN low ELSE (low + high) / 2 + 1 END,
               CASE WHEN {_IS_LATE} THEN (low + high) / 2 ELSE high END
        FROM halves WHERE low < high
    )
    SELECT id FROM chat_message
    WHERE channel_id = %(channel)s AND thread_id IS NULL
        AND seq > (SELECT max(low) FROM halves)
    ORDER BY seq LIMIT 1
"""  # noqa: S608 - words of ours alone


def first_since(channel: Channel, at: datetime) -> int | None:
    """The id of the first message posted at that time or later, else of the last one.

    Found by halving, since places in the log and times grow together: as many steps as the log's
    length has binary digits, each by index, instead of an index that every post would pay. Two
    queries. None where the channel is empty.
    """
    last = Message.objects.filter(channel=channel, thread=None).order_by("seq").last()
    if last is None or last.posted_at < at:
        return last.pk if last else None
    values = {
        "last": last.seq,
        "channel": channel.pk,
        "at": connection.ops.adapt_datetimefield_value(at),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_SINCE, values)
        row = cursor.fetchone()
    return int(row[0]) if row else last.pk
