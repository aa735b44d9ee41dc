"""Reads of what hangs on messages: whom they name, what they pass on, what was said before."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet

from base.clock import wire_time
from base.mentions import Mentioned as Key
from chat.access import readers, visible_channels
from chat.events.messages import Author, Forwarded, Mentioned
from chat.models import Bookmark, Channel, Forward, Membership, Mention, Message, Version
from chat.vocabulary import MAX_VERSIONS, MentionKind
from members.access import Actor, visible_members
from members.models import Member, Organisation
from members.vocabulary import MemberKind
from search.words import fold

MAX_CANDIDATES: Final = 8
MAX_QUERY: Final = 80
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


def bookmarks_of(member: Member) -> QuerySet[Bookmark]:
    """A member's bookmarks of messages that they may read now, the newest first."""
    return (
        Bookmark.objects.filter(member=member, message__channel__in=visible_channels(member))
        .select_related(
            "message__author__organisation", "message__reply_to__author", "message__channel"
        )
        .order_by("-pk")
    )


def versions_of(actor: Member, message: Message, *, moderates: bool) -> list[Version]:
    """What a message said before, the newest first; for its author and those who moderate.

    Nothing for everybody else, and nothing of a deleted message. One query.
    """
    if message.deleted_at is not None or not (moderates or message.author_id == actor.pk):
        return []
    return list(Version.objects.filter(message=message).order_by("-pk")[:MAX_VERSIONS])


def unreached(actor: Member, message: Message) -> list[str]:
    """Names of those whom one's own message names and who cannot read where it stands.

    Of an organisation nobody of whom is in a closed channel, its own. Nothing for others than the
    author. At most six queries.
    """
    if message.author_id != actor.pk or message.deleted_at is not None:
        return []
    named = Mention.objects.filter(message=message).exclude(kind=MentionKind.HERE)
    rows = list(named.select_related("member", "organisation").order_by("pk"))
    if not rows:
        return []
    reading = readers(message.channel_id, [row.member_id for row in rows if row.member_id])
    channel = message.channel
    houses = {row.organisation_id for row in rows if row.organisation_id}
    if houses and not (channel.is_public or channel.organisation_id):
        inside = Membership.objects.inside().filter(channel=channel)
        within = inside.filter(member__organisation__in=houses)
        houses -= set(within.values_list("member__organisation_id", flat=True))
    else:
        houses = set()
    return [
        thing.name
        for row in rows
        if (thing := row.member or row.organisation)
        and (row.organisation_id in houses or (row.member_id and row.member_id not in reading))
    ]


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a message could name.

    Attributes:
        kind: ``member``, ``organisation`` or ``here``.
        id: Of the member or the organisation; 0 for ``here``.
        detail: What tells people of one name apart: organisation and country.
        reads: Whether they, or anybody of the organisation, may read the channel.
    """

    kind: str
    id: int
    name: str
    detail: str
    reads: bool


def candidates(actor: Actor, channel: Channel, words: str) -> list[Candidate]:
    """Up to eight whom a message in the channel could name, by the beginning of a name's word.

    People in the channel come first. That somebody may not read is said of closed channels alone,
    whose people see each other; of open ones everybody may read. Three queries.
    """
    words = " ".join(words.split())[:MAX_QUERY]
    inside = Membership.objects.inside().filter(channel=channel)
    own = Exists(inside.filter(member=OuterRef("pk")))
    people = (
        Member.objects.filter(Q(pk__in=visible_members(actor).values("pk")) | Q(own))
        .filter(_begins(words), is_active=True, kind=MemberKind.MEMBER)
        .annotate(is_inside=own)
        .select_related("organisation")
        .order_by("-is_inside", "name", "pk")[:MAX_CANDIDATES]
    )
    houses = (
        Organisation.objects.filter(_begins(words), is_confirmed=True)
        .annotate(is_inside=Exists(inside.filter(member__organisation=OuterRef("pk"))))
        .order_by("-is_inside", "name", "pk")[:MAX_CANDIDATES]
    )
    is_open = channel.is_public or channel.organisation_id is not None
    found = [
        Candidate(
            kind=MentionKind.MEMBER,
            id=person.pk,
            name=person.name,
            detail=", ".join(
                filter(None, (str(person.open_organisation or ""), person.open_country))
            ),
            reads=is_open or bool(getattr(person, "is_inside", False)),
        )
        for person in people
    ]
    found += [
        Candidate(
            kind=MentionKind.ORGANISATION,
            id=house.pk,
            name=house.name,
            detail=house.country,
            reads=is_open or bool(getattr(house, "is_inside", False)),
        )
        for house in houses
    ]
    here = Candidate(kind=MentionKind.HERE, id=0, name="here", detail="", reads=True)
    return ([here] if "here".startswith(words.lower()) else []) + found[:MAX_CANDIDATES]


def _begins(words: str) -> Q:
    said = fold(words)
    return Q(folded__startswith=said) | Q(folded__contains=f" {said}") if said else Q()
