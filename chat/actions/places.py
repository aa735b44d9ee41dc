"""Writes about a member's own order of channels, and about reading several at once."""

from collections.abc import Mapping
from functools import partial

from django.utils.translation import gettext_lazy as _

from base.errors import Conflict, Invalid, NotFound
from base.ids import parse_id
from base.text import clean_text
from chat.access import require
from chat.events import ChannelRead
from chat.events.places import PlaceChannel, SectionsChanged
from chat.models import Membership, Section
from chat.queries.places import placed, sections_of
from chat.vocabulary import MAX_POSITION, MAX_SECTION_NAME, MAX_SECTIONS, Level
from live.log import heads
from live.registry import Written
from live.units import append
from members.models import Member

MOST_AT_ONCE = 500


def place_channel(*, actor: Member, channel_id: int, wanted: PlaceChannel) -> Written:
    """Say how one wants to have a channel; the same again changes nothing.

    Raises:
        NotFound: no such channel or section for this actor.
        Forbidden: not in the channel.
        Invalid: no such level, or a position beyond 10,000.
    """
    channel, membership = require(actor, channel_id, "channel.place")
    if membership is None:
        raise NotFound
    before = placed(membership)
    if wanted.level is not None and wanted.level not in Level.values:
        raise Invalid(fields={"level": [str(_("There is no such level."))]})
    if wanted.position is not None and not 0 <= wanted.position <= MAX_POSITION:
        raise Invalid(fields={"position": [str(_("Choose a smaller number."))]})
    if wanted.section:
        membership.section = _own_section(actor, wanted.section)
    elif wanted.section == 0:
        membership.section = None
    for name in ("is_favourite", "is_muted", "level", "position"):
        value = getattr(wanted, name)
        if value is not None:
            setattr(membership, name, value)
    if placed(membership) != before:
        membership.save(update_fields=["is_favourite", "is_muted", "level", "section", "position"])
        say_placed(actor, membership)
    return Written(channel)


def say_placed(actor: Member, membership: Membership) -> None:
    """Tell a member how they have a channel now."""
    append(
        topic=f"member:{membership.member_id}",
        event="channel.placed",
        actor=actor,
        subject=membership.channel,
        data={"of": membership.member_id},
        fresh=partial(placed, membership),
    )


def save_section(
    *, actor: Member, name: str, section_id: int | None = None, position: int | None = None
) -> Written:
    """Make a section of one's own list, or rename or move one.

    Raises:
        NotFound: no such section of the actor's.
        Invalid: the name is missing or too long.
        Conflict: ``chat.too_many_sections``, there are 30.
    """
    name = " ".join(name.split())
    if not name:
        raise Invalid(fields={"name": [str(_("A section needs a name."))]})
    clean_text(name, MAX_SECTION_NAME, field="name")
    own = list(Section.objects.filter(member=actor).order_by("position", "id"))
    if section_id is None:
        if len(own) >= MAX_SECTIONS:
            raise Conflict(
                code="chat.too_many_sections",
                detail=_("You have as many sections as one can."),
            )
        section = Section.objects.create(member=actor, name=name, position=len(own))
        own.append(section)
    else:
        section = _own_section(actor, section_id)
        own = [row for row in own if row.pk != section.pk]
        at = section.position if position is None else position
        own.insert(max(0, min(at, len(own))), section)
        section.name = name
    for place, row in enumerate(own):
        row.position = place
    Section.objects.bulk_update(own, ["position"])
    Section.objects.filter(pk=section.pk).update(name=name)
    _say_sections(actor)
    return Written(section)


def drop_section(*, actor: Member, section_id: int) -> Written:
    """Take a section away; its channels stand without one afterwards.

    Raises:
        NotFound: no such section of the actor's.
    """
    section = _own_section(actor, section_id)
    memberships = list(
        Membership.objects.filter(member=actor, section=section).select_related("channel")
    )
    section.delete()
    for membership in memberships:
        membership.section = None
        say_placed(actor, membership)
    _say_sections(actor)
    return Written()


def _own_section(actor: Member, section_id: int) -> Section:
    section = Section.objects.filter(member=actor, pk=section_id).first()
    if section is None:
        raise NotFound
    return section


def _say_sections(actor: Member) -> None:
    append(
        topic=f"member:{actor.pk}",
        event="sections.changed",
        actor=actor,
        fresh=partial(SectionsChanged, sections=sections_of(actor)),
    )


def read_channels(*, actor: Member, seqs: Mapping[str, int]) -> Written:
    """Move several of one's read markers forward, each at most to its channel's head.

    Channels that one is not in are passed over. Four queries and one per channel.

    Raises:
        Invalid: more than 500, or not a channel's number.
    """
    if len(seqs) > MOST_AT_ONCE or not all(key.isascii() and key.isdigit() for key in seqs):
        raise Invalid(fields={"seqs": [str(_("Up to 500 channels at once."))]})
    wanted = {pk: seq for key, seq in seqs.items() if (pk := parse_id(key)) is not None}
    known = heads([f"chat:{pk}" for pk in wanted])
    rows = Membership.objects.inside().filter(member=actor, channel_id__in=wanted)
    for membership in rows.select_related("channel").order_by("channel_id"):
        head = known.get(membership.channel.topic)
        seq = min(wanted[membership.channel_id], head.seq if head else 0)
        moved = Membership.objects.filter(pk=membership.pk, read_seq__lt=seq).update(read_seq=seq)
        if moved:
            append(
                topic=f"member:{actor.pk}",
                event="channel.read",
                actor=actor,
                subject=membership.channel,
                data={"seq": seq},
                fresh=partial(ChannelRead, channel=membership.channel_id, seq=seq),
            )
    return Written()
