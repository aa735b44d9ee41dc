"""Reads of what hangs on messages: whom they name, what they pass on, what was said before."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from base.clock import wire_time
from base.mentions import Mentioned as Key
from chat.events.messages import Author, Forwarded, Mentioned
from chat.models import Bookmark, Channel, Forward, Membership, Mention, Message
from chat.vocabulary import MentionKind
from members.access import visible_members
from members.models import Member, Organisation
from members.vocabulary import MemberKind

MENTIONS: Final = 'class="mention"'
"""What the HTML of a message holds that names somebody."""


def author_of(member: Member | None) -> Author | None:
    """Who said something, in short; None where the account was erased."""
    return Author(id=member.pk, name=member.name) if member else None


def mentions_of(message_ids: Collection[int]) -> dict[int, list[Mentioned]]:
    """Whom those messages name, by message. One query, none without messages."""
    if not message_ids:
        return {}
    found: dict[int, list[Mentioned]] = defaultdict(list)
    rows = Mention.objects.filter(message__in=message_ids).select_related("member", "organisation")
    for row in rows.order_by("pk"):
        thing = row.member or row.organisation
        found[row.message_id].append(
            Mentioned(kind=row.kind, id=thing.pk if thing else 0, name=thing.name if thing else "")
        )
    return found


def mentionable(actor: Member, channel: Channel, wanted: Collection[Key]) -> dict[Key, str]:
    """Those of the wanted whom the actor may name in the channel, with their names.

    Members whom the actor may see or who are in the channel, and organisations. A query for
    each of the two kinds.
    """
    found: dict[Key, str] = {}
    members = [number for kind, number in wanted if kind == MentionKind.MEMBER]
    houses = [number for kind, number in wanted if kind == MentionKind.ORGANISATION]
    if members:
        inside = Membership.objects.inside().filter(channel=channel, member=OuterRef("pk"))
        rows = Member.objects.filter(
            Q(pk__in=visible_members(actor).values("pk")) | Q(Exists(inside)),
            pk__in=members,
            is_active=True,
            kind=MemberKind.MEMBER,
        )
        found |= {("member", pk): name for pk, name in rows.values_list("pk", "name")}
    if houses:
        named = Organisation.objects.filter(pk__in=houses).values_list("pk", "name")
        found |= {("organisation", pk): name for pk, name in named}
    return found


def forwards_of(message_ids: Collection[int]) -> dict[int, Forward]:
    """What those messages pass on, by message. One query, none without messages."""
    if not message_ids:
        return {}
    rows = Forward.objects.filter(pk__in=message_ids).select_related("author", "channel")
    return {row.pk: row for row in rows}


def forwarded(row: Forward) -> Forwarded:
    """What a message passes on, in the shape of the wire. No query."""
    is_open = row.channel is not None and row.channel.is_public
    return Forwarded(
        author=author_of(row.author),
        channel=row.channel_id if is_open else None,
        room=row.room if is_open else "",
        message=row.source_id if is_open else None,
        html=row.html,
        said_at=wire_time(row.said_at),
    )


def bookmarked(member: Member, channel: Channel) -> list[int]:
    """Ids of the channel's messages that the member has bookmarked, the newest 500. One query."""
    rows = Bookmark.objects.filter(member=member, message__channel=channel)
    return list(rows.order_by("-pk").values_list("message_id", flat=True)[:500])


def pinned(channel: Channel) -> QuerySet[Message]:
    """The messages that are pinned to a channel, the newest pin first."""
    return Message.objects.filter(channel=channel, pinned_at__isnull=False).order_by("-pinned_at")
