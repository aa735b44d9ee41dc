"""The socket's commands about a member's own order of channels, and what their events show."""

from collections.abc import Sequence

from chat.actions import places
from chat.events.places import (
    ChannelPlaced,
    DropSection,
    PlaceChannel,
    ReadChannels,
    SaveSection,
    SectionsChanged,
    SectionState,
)
from chat.models import Membership, Section
from chat.queries.places import placed, places_of, sections_of
from live.models import Event
from live.registry import Command, EventData, Written, register_command
from live.showing import subjects
from members.live import declare_command, declare_event, declare_part
from members.models import Member


def _place(actor: Member, channel_id: int, data: PlaceChannel) -> Written:
    return places.place_channel(actor=actor, channel_id=channel_id, wanted=data)


def _save(actor: Member, data: SaveSection) -> Written:
    return places.save_section(
        actor=actor, name=data.name, section_id=data.id, position=data.position
    )


def _drop(actor: Member, data: DropSection) -> Written:
    return places.drop_section(actor=actor, section_id=data.id)


def _read(actor: Member, data: ReadChannels) -> Written:
    return places.read_channels(actor=actor, seqs=data.seqs)


def _present_placed(events: Sequence[Event]) -> Sequence[EventData | None]:
    owners = owners_of(events)
    rows = Membership.objects.inside().filter(
        channel_id__in=subjects(events),
        member_id__in=set(owners),
    )
    found = {(row.member_id, row.channel_id): row for row in rows}
    shown: list[ChannelPlaced | None] = []
    for event, owner in zip(events, owners, strict=True):
        row = found.get((owner, event.subject or 0))
        shown.append(placed(row) if row else None)
    return shown


def owners_of(events: Sequence[Event]) -> list[int]:
    """Whose own events these are: the one who acted, save where one was let in by another."""
    return [dict(event.data or {}).get("of") or event.by_id or 0 for event in events]


def _present_sections(events: Sequence[Event]) -> Sequence[EventData | None]:
    owners = owners_of(events)
    rows = Section.objects.filter(member_id__in=set(owners)).order_by("position", "id")
    found: dict[int, list[SectionState]] = {pk: [] for pk in owners}
    for row in rows:
        found[row.member_id].append(SectionState(id=row.pk, name=row.name))
    return [SectionsChanged(sections=found[owner]) for owner in owners]


def register() -> None:
    """Tell the live core of the commands, members' own topics of their order."""
    register_command(Command("channel.place", "chat", PlaceChannel, _place))
    declare_command("section.save", SaveSection, _save)
    declare_command("section.drop", DropSection, _drop)
    declare_command("channels.read", ReadChannels, _read)
    declare_event("channel.placed", ChannelPlaced, _present_placed)
    declare_event("sections.changed", SectionsChanged, _present_sections)
    declare_part("places", places_of)
    declare_part("sections", sections_of)
