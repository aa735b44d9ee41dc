"""Reads of the chat; messages leave here in the one shape of the wire."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from base.clock import wire_time
from base.text import excerpt
from chat.access import visible_channels
from chat.events import Author, ChannelState, MessageEdited, MessagePosted, ReactionTotal, ReplyTo
from chat.models import Channel, Membership, Message, Reaction
from chat.vocabulary import EXCERPT, PAGE, SHOWN_REACTORS
from live.log import heads
from live.registry import load_actors
from live.rows import fetch
from members.access import Actor
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


def member_total(channel_id: int) -> int:
    """How many members are in the channel. One query."""
    return Membership.objects.inside().filter(channel_id=channel_id).count()


def channel_state(channel: Channel, total: int | None = None) -> ChannelState:
    """A channel as all its readers see it; one query where ``total`` is not given."""
    return ChannelState(
        id=channel.pk,
        topic=channel.topic,
        name=channel.name,
        purpose=channel.purpose,
        is_public=channel.is_public,
        is_archived=channel.is_archived,
        members=member_total(channel.pk) if total is None else total,
        created_at=wire_time(channel.created_at),
    )


def channel_states(ids: Collection[int]) -> dict[int, ChannelState]:
    """Channels by id as their readers see them. One query."""
    inside = ~Q(memberships__role="out")
    rows = Channel.objects.filter(pk__in=ids).annotate(
        total=Count("memberships", filter=inside & Q(memberships__isnull=False))
    )
    return {row.pk: channel_state(row, row.total) for row in rows}


def _unread(member: Any) -> Coalesce:
    """The number of messages beyond the read marker that are not one's own."""
    counted = (
        Message.objects.filter(
            channel=OuterRef("channel_id"), seq__gt=OuterRef("read_seq"), deleted_at=None
        )
        .exclude(author=member)
        .order_by()
        .values("channel")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def unread_by_member(member_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Unread messages by member and topic; what is read is left out. One query."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in member_ids}
    rows = (
        Membership.objects.inside()
        .filter(member_id__in=member_ids)
        .annotate(unread=_unread(OuterRef("member_id")))
        .filter(unread__gt=0)
    )
    for member, channel, unread in rows.values_list("member_id", "channel_id", "unread"):
        found[member][f"chat:{channel}"] = unread
    return found


def members_in(channel_ids: Collection[int], member_ids: Collection[int]) -> set[int]:
    """Those of the members who are in any of the channels. One query."""
    rows = Membership.objects.inside().filter(channel_id__in=channel_ids, member_id__in=member_ids)
    return set(rows.values_list("member_id", flat=True).distinct())


def channel_rows(actor: Actor, channels: Sequence[Channel]) -> list[dict[str, Any]]:
    """Channels with what they are to the actor, in the given order. Three queries."""
    ids = [channel.pk for channel in channels]
    places = {
        m.channel_id: m
        for m in Membership.objects.inside()
        .filter(member_id=actor.pk or 0, channel_id__in=ids)
        .annotate(unread=_unread(actor.pk))
    }
    states = channel_states(ids)
    known = heads([channel.topic for channel in channels])
    rows = []
    for channel in channels:
        place = places.get(channel.pk)
        state = states[channel.pk]
        head = known.get(channel.topic)
        rows.append(
            {name: getattr(state, name) for name in state.__struct_fields__}
            | {
                "is_member": place is not None,
                "role": place.role if place else None,
                "unread": getattr(place, "unread", 0),
                "read_seq": place.read_seq if place else 0,
                "seq": head.seq if head else 0,
            }
        )
    return rows


def listed_channels(actor: Actor) -> QuerySet[Channel]:
    """The channels that the actor may read, the oldest first."""
    return visible_channels(actor).order_by("id")


def people_of(channel: Channel) -> QuerySet[Membership]:
    """Who is in a channel, by name, with their organisations."""
    return (
        Membership.objects.inside()
        .filter(channel=channel)
        .select_related("member__organisation")
        .order_by("member__name", "member_id")
    )


def read_markers(member: Member) -> dict[str, int]:
    """How far the member has read, by topic: part of the snapshot of ``member:<id>``."""
    rows = Membership.objects.inside().filter(member=member)
    return {f"chat:{pk}": seq for pk, seq in rows.values_list("channel_id", "read_seq")}
