"""Reads of members' own order: how they have their channels, and their sections."""

from typing import Any

from django.db.models import Q

from chat.events.places import ChannelPlaced, SectionState
from chat.models import Membership, Section
from chat.vocabulary import Level
from members.models import Member


def placed(membership: Membership) -> ChannelPlaced:
    """How its member has a channel. No query."""
    return ChannelPlaced(
        channel=membership.channel_id,
        is_favourite=membership.is_favourite,
        is_muted=membership.is_muted,
        level=membership.level,
        section=membership.section_id,
        position=membership.position,
    )


def places_of(member: Member) -> dict[str, dict[str, Any]]:
    """How a member has those channels that are not as they come, by topic. One query.

    A part of the snapshot of ``member:<id>``. They come with mentions alone notifying.
    """
    is_own = Q(is_favourite=True) | Q(is_muted=True) | Q(section__isnull=False)
    is_own |= Q(position__gt=0) | ~Q(level=Level.MENTIONS)
    rows = Membership.objects.inside().filter(is_own, member=member)
    return {
        f"chat:{row.channel_id}": {
            name: getattr(shown, name) for name in shown.__struct_fields__ if name != "channel"
        }
        for row in rows
        for shown in [placed(row)]
    }


def sections_of(member: Member) -> list[SectionState]:
    """A member's sections in their order. One query."""
    rows = Section.objects.filter(member=member).order_by("position", "id")
    return [SectionState(id=row.pk, name=row.name) for row in rows]
