"""Who may see and do what in the chat: the only door for ids from outside."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from base.errors import Forbidden, NotFound
from chat.models import Channel, Membership, Message
from chat.rules import commands_for
from chat.vocabulary import Role
from live.registry import Reach
from live.rows import fetch
from live.units import remember
from members.access import Actor, is_member
from members.models import Member
from members.vocabulary import MemberKind

_Place = tuple[Channel, Membership | None]


def visible_channels(actor: Actor) -> QuerySet[Channel]:
    """The channels that the actor may read: public ones unless removed, and one's own."""
    if not is_member(actor):
        return Channel.objects.none()
    own = Membership.objects.filter(channel=OuterRef("pk"), member=actor)
    return Channel.objects.filter(
        Q(Exists(own.inside())) | (Q(is_public=True) & ~Q(Exists(own.filter(role=Role.OUT))))
    )


def channel_for(actor: Actor, channel_id: int) -> Channel:
    """The channel with this id.

    Raises:
        NotFound: there is none, or the actor may not see it.
    """
    channel = visible_channels(actor).filter(pk=channel_id).first()
    if channel is None:
        raise NotFound
    return channel


def place_for(actor: Member, channel_id: int) -> tuple[Channel, Membership | None]:
    """The channel and the actor's membership there, remembered within a unit: for writes.

    Raises:
        NotFound: there is no such channel, or the actor may not see it.
    """
    key = ("chat.place", actor.pk, channel_id)
    found = remember(key, lambda: foresee([(actor, channel_id)])[key])
    if found is None:
        raise NotFound
    return found


def foresee(pairs: Collection[tuple[Member, int]]) -> dict[Any, _Place | None]:
    """The places of those actors in those channels, as :func:`place_for` remembers them.

    Two queries; None where an actor may not see the channel.
    """
    channels = {
        row.pk: row for row in fetch(Channel, ("id",), [(pk,) for pk in {i for _, i in pairs}])
    }
    wanted = [(channel_id, actor.pk) for actor, channel_id in pairs]
    memberships = {
        (row.channel_id, row.member_id): row
        for row in fetch(Membership, ("channel_id", "member_id"), wanted)
    }
    found: dict[Any, _Place | None] = {}
    for actor, channel_id in pairs:
        channel, membership = channels.get(channel_id), memberships.get((channel_id, actor.pk))
        is_seen = membership.is_inside if membership else channel is not None and channel.is_public
        place = (channel, membership) if channel and is_seen and is_member(actor) else None
        if place and membership:
            membership.channel = place[0]
        found["chat.place", actor.pk, channel_id] = place
    return found


def require(actor: Member, channel_id: int, command: str) -> tuple[Channel, Membership | None]:
    """Let through whoever may use the command in the channel.

    Raises:
        NotFound: there is no such channel, or the actor may not see it.
        Forbidden: seen, but not allowed.
    """
    channel, membership = place_for(actor, channel_id)
    if command not in can_in(actor, channel, membership):
        raise Forbidden
    return channel, membership


def can_in(actor: Member, channel: Channel, membership: Membership | None) -> tuple[str, ...]:
    """The commands that a reader of the channel has there, sorted."""
    is_inside = membership is not None and membership.is_inside
    return commands_for(
        is_inside=is_inside,
        moderates=membership is not None and (membership.moderates or actor.is_moderator),
        is_public=channel.is_public,
        is_archived=channel.is_archived,
    )


def message_in(channel: Channel, message_id: int) -> Message:
    """A message of a channel that the actor was let into; it may be deleted.

    Raises:
        NotFound: there is none with this id there.
    """
    message = (
        Message.objects.select_related("author__organisation", "reply_to__author")
        .filter(channel=channel, pk=message_id)
        .first()
    )
    if message is None:
        raise NotFound
    return message


def reach(actor: Member, ids: Collection[int]) -> Mapping[int, Reach]:
    """What the actor has of those channels; hidden ones are left out. Two queries."""
    if not is_member(actor):
        return {}
    channels = Channel.objects.in_bulk(list(ids))
    places = {m.channel_id: m for m in Membership.objects.filter(member=actor, channel_id__in=ids)}
    found = {pk: _reach(actor, channel, places.get(pk)) for pk, channel in channels.items()}
    return {pk: value for pk, value in found.items() if value is not None}


def readers(channel_id: int, member_ids: Collection[int]) -> Mapping[int, Reach]:
    """What those members have of the channel; who may not read it is left out. Three queries."""
    channel = Channel.objects.filter(pk=channel_id).first()
    if channel is None:
        return {}
    people = Member.objects.filter(pk__in=member_ids, is_active=True, kind=MemberKind.MEMBER)
    places = {
        m.member_id: m for m in Membership.objects.filter(channel=channel, member_id__in=member_ids)
    }
    found = {person.pk: _reach(person, channel, places.get(person.pk)) for person in people}
    return {pk: value for pk, value in found.items() if value is not None}


def _reach(actor: Member, channel: Channel, membership: Membership | None) -> Reach | None:
    if membership is None:
        if not channel.is_public:
            return None
        return Reach(can=can_in(actor, channel, None))
    if not membership.is_inside:
        return None
    return Reach(can=can_in(actor, channel, membership), since=membership.since)
