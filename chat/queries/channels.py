"""Reads of channels and who is in them."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from base.clock import wire_time
from chat.access import visible_channels
from chat.events import ChannelState
from chat.models import Channel, Membership
from chat.queries.reading import unread_count
from live.log import heads
from members.access import Actor


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
        .annotate(unread=unread_count(actor.pk))
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
