"""Reads of channels and who is in them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from base.clock import wire_time
from chat.access import visible_channels
from chat.events import ChannelState, House
from chat.events.places import SectionState
from chat.models import Channel, Membership
from chat.queries.reading import unread_count
from chat.vocabulary import Kind, Level
from live.log import heads
from members.access import Actor
from members.events import Card
from members.queries import member_card


def member_total(channel_id: int) -> int:
    """How many members are in the channel. One query."""
    return Membership.objects.inside().filter(channel_id=channel_id).count()


def channel_state(
    channel: Channel, total: int | None = None, people: Sequence[Card] | None = None
) -> ChannelState:
    """A channel as all its readers see it; a query for each fact that is not given.

    The organisation comes with the channel, or costs one more.
    """
    house = channel.organisation if channel.organisation_id else None
    if people is None:
        people = people_by_channel([channel]).get(channel.pk, [])
    return ChannelState(
        id=channel.pk,
        kind=channel.kind,
        topic=channel.topic,
        name=channel.name,
        purpose=channel.purpose,
        is_public=channel.is_public,
        is_archived=channel.is_archived,
        organisation=House(id=house.pk, name=house.name) if house else None,
        slow_mode_s=channel.slow_mode_s,
        members=member_total(channel.pk) if total is None else total,
        people=list(people),
        created_at=wire_time(channel.created_at),
    )


def people_by_channel(channels: Iterable[Channel]) -> dict[int, list[Card]]:
    """Who is in each conversation, by id; channels are left out. At most one query."""
    ids = [channel.pk for channel in channels if channel.kind != Kind.CHANNEL]
    found: dict[int, list[Card]] = {}
    if ids:
        rows = Membership.objects.inside().filter(channel_id__in=ids)
        for row in rows.select_related("member__organisation").order_by("member_id"):
            found.setdefault(row.channel_id, []).append(Card(**member_card(row.member)))
    return found


def channel_states(ids: Collection[int]) -> dict[int, ChannelState]:
    """Channels by id as their readers see them. At most two queries."""
    inside = ~Q(memberships__role="out")
    rows = list(
        Channel.objects.filter(pk__in=ids)
        .select_related("organisation")
        .annotate(total=Count("memberships", filter=inside & Q(memberships__isnull=False)))
    )
    people = people_by_channel(rows)
    return {row.pk: channel_state(row, row.total, people.get(row.pk, [])) for row in rows}


def title_of(state: ChannelState, reader_id: int) -> str:
    """What a reader calls the channel: its name, else the names of the others in it."""
    return state.name or _named_by(state.people, reader_id)


def titles_of(channels: Iterable[Channel], reader_id: int) -> dict[int, str]:
    """What a reader calls these channels, by id. At most one query, none where all have names."""
    rows = {channel.pk: channel for channel in channels}
    people = people_by_channel(row for row in rows.values() if not row.name)
    return {pk: row.name or _named_by(people.get(pk, []), reader_id) for pk, row in rows.items()}


def _named_by(people: Iterable[Card], reader_id: int) -> str:
    others = [card.name for card in people if card.id != reader_id]
    return ", ".join(others) or str(_("Former member"))


def members_in(channel_ids: Collection[int], member_ids: Collection[int]) -> set[int]:
    """Those of the members who are in any of the channels. One query."""
    rows = Membership.objects.inside().filter(channel_id__in=channel_ids, member_id__in=member_ids)
    return set(rows.values_list("member_id", flat=True).distinct())


def channel_rows(actor: Actor, channels: Sequence[Channel]) -> list[dict[str, Any]]:
    """Channels with what they are to the actor, in the given order. Four queries."""
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
                "title": title_of(state, actor.pk or 0),
                "is_member": place is not None,
                "role": place.role if place else None,
                "is_favourite": place is not None and place.is_favourite,
                "is_muted": place is not None and place.is_muted,
                "level": place.level if place else Level.MENTIONS.value,
                "section": place.section_id if place else None,
                "position": place.position if place else 0,
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


@dataclass(frozen=True)
class ListGroup:
    """A part of a member's list of channels; one without a label needs none."""

    label: str
    rows: list[dict[str, Any]]


def list_groups(
    rows: Sequence[dict[str, Any]], sections: Sequence[SectionState]
) -> list[ListGroup]:
    """One's own channels as the list shows them. No query.

    Favourites first, then one's own sections, then the other rooms and conversations; what is
    muted last in each, then by one's own positions.
    """
    parts: dict[Any, list[dict[str, Any]]] = {"favourites": []}
    parts |= {section.id: [] for section in sections} | {"rooms": [], "talks": []}
    for row in rows:
        if row["is_favourite"]:
            parts["favourites"].append(row)
        elif row["section"] in parts:
            parts[row["section"]].append(row)
        else:
            parts["rooms" if row["kind"] == Kind.CHANNEL else "talks"].append(row)
    labels: dict[Any, str] = {section.id: section.name for section in sections}
    labels |= {"favourites": _("Favourites"), "rooms": _("Rooms"), "talks": _("Direct")}
    groups = [
        ListGroup(labels[name], sorted(part, key=lambda row: (row["is_muted"], row["position"])))
        for name, part in parts.items()
        if part
    ]
    return [ListGroup("", groups[0].rows)] if parts["rooms"] and len(groups) == 1 else groups
