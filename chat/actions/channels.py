"""Writes about channels: opening and describing them, coming, going, letting in and removing."""

from collections.abc import Sequence
from functools import partial

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound
from base.text import clean_text
from chat.access import is_open_to, require, require_reachable
from chat.actions.places import say_placed
from chat.events import (
    ChannelAdded,
    ChannelChanged,
    ChannelRemoved,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
)
from chat.models import Channel, Membership
from chat.queries import channel_state, member_total
from chat.vocabulary import MAX_GROUP, MAX_NAME, MAX_PURPOSE, MAX_SLOW_MODE_S, Kind, Level, Role
from live.registry import Written
from live.units import append, current
from members.access import (
    is_member,
    is_representative,
    member_for,
    organisation_for,
)
from members.access.organisations import require_representative
from members.events import Card
from members.models import Member
from members.queries import member_card


def described(name: str, purpose: str, *, is_named: bool = True) -> tuple[str, str]:
    """Name and purpose of a channel, checked; without ``is_named`` it may have no name.

    Raises:
        Invalid: the name is missing, or one of them is too long.
    """
    name, purpose = " ".join(name.split()), purpose.strip()
    if not name and is_named:
        raise Invalid(fields={"name": [str(_("A channel needs a name."))]})
    clean_text(name, MAX_NAME, field="name")
    clean_text(purpose, MAX_PURPOSE, field="purpose")
    return name, purpose


def create_channel(
    *, actor: Member, name: str, purpose: str, is_public: bool, organisation_id: int | None = None
) -> Written:
    """Open a channel; who opens it owns it.

    One of an organisation is opened by its representatives, and read by its people as well.

    Raises:
        Forbidden: not a full member, or not a representative of the organisation.
        NotFound: no such organisation for this actor.
        Invalid: the name is missing or too long.
    """
    if not is_member(actor):
        raise Forbidden
    name, purpose = described(name, purpose)
    house = None
    if organisation_id is not None:
        house = organisation_for(actor, organisation_id)
        require_representative(actor, house)
    channel = Channel.objects.create(
        name=name, purpose=purpose, is_public=is_public, organisation=house
    )
    append_changed(actor, channel, total=1)
    let_in(actor, channel, [actor], Role.OWNER, Level.MENTIONS)
    return Written(channel, topic=channel.topic)


def edit_channel(
    *, actor: Member, channel_id: int, name: str, purpose: str, slow_mode_s: int | None = None
) -> Written:
    """Rename a channel, say anew what it is for, or slow it down; None leaves its pace.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: not a moderator of it.
        Invalid: the name is missing or too long.
    """
    channel, _membership = require(actor, channel_id, "channel.edit")
    wanted = described(name, purpose, is_named=channel.kind == Kind.CHANNEL)
    pace = channel.slow_mode_s if slow_mode_s is None else slow_mode_s
    if not 0 <= pace <= (MAX_SLOW_MODE_S if channel.kind == Kind.CHANNEL else 0):
        raise Invalid(fields={"slow_mode_s": [str(_("Choose up to an hour."))]})
    if (channel.name, channel.purpose, channel.slow_mode_s) != (*wanted, pace):
        is_named_anew = channel.name != wanted[0]
        channel.name, channel.purpose, channel.slow_mode_s = *wanted, pace
        channel.save(update_fields=["name", "purpose", "slow_mode_s"])
        append_changed(actor, channel, is_named_anew=is_named_anew)
    return Written(channel)


def append_changed(
    actor: Member,
    channel: Channel,
    total: int | None = None,
    check: str = "",
    *,
    is_named_anew: bool = False,
) -> None:
    """Say to the channel what it is now, who is in it included; ``total`` counts them.

    With ``check="all"`` all its readers may do other things from then on; where it
    ``is_named_anew``, a job has the lists of its people say so.
    """
    from chat.tasks import relist_later

    if is_named_anew:
        relist_later([channel.pk])
    state = channel_state(channel, total)
    append(
        topic=channel.topic,
        event="channel.changed",
        actor=actor,
        subject=channel,
        fresh=partial(ChannelChanged, channel=state),
        check=check,
    )


def let_in(
    actor: Member, channel: Channel, members: Sequence[Member], role: Role, level: Level
) -> None:
    """Make members of the channel and say so to its topic and to each of theirs.

    Whoever had no access until now must not replay what happened before.
    """
    known = set(
        Membership.objects.filter(channel=channel, member__in=members).values_list(
            "member_id", flat=True
        )
    )
    before = total = member_total(channel.pk)
    for member in members:
        total += 1
        seq = append(
            topic=channel.topic,
            event="member.joined",
            actor=actor,
            data={"member": member.pk, "role": role.value, "total": total},
            fresh=partial(
                MemberJoined, member=Card(**member_card(member)), role=role.value, total=total
            ),
            check=[member.pk],
        )
        since = 0 if channel.is_public and member.pk not in known else seq
        Membership.objects.update_or_create(
            channel=channel,
            member=member,
            defaults={
                "role": role,
                "since": since,
                "read_seq": seq,
                "joined_at": now(),
                "level": level,
                "is_favourite": False,
                "is_muted": False,
                "section": None,
                "position": 0,
                "ended_with_role": False,
            },
        )
    if channel.kind != Kind.CHANNEL:
        # Who is in one is what it is called; those who come hear of it below.
        append_changed(actor, channel, is_named_anew=before > 0 and not channel.name)
    state = channel_state(channel, total)
    for member in members:
        head = current().head(channel.topic)
        append(
            topic=f"member:{member.pk}",
            event="channel.added",
            actor=actor,
            subject=channel,
            data={"read_seq": head},
            fresh=partial(ChannelAdded, channel=state, read_seq=head),
        )
        place = Membership.objects.get(channel=channel, member=member)
        place.read_seq, place.channel = head, channel
        place.save(update_fields=["read_seq"])
        if level != Level.MENTIONS:
            say_placed(actor, place)


def join_channel(*, actor: Member, channel_id: int) -> Written:
    """Join a public channel or one of one's organisation, which its representatives then own.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: it is archived.
    """
    channel, membership = require(actor, channel_id, "channel.join")
    if membership is None:
        house = channel.organisation
        is_owner = house is not None and is_representative(actor, house)
        let_in(actor, channel, [actor], Role.OWNER if is_owner else Role.MEMBER, Level.MENTIONS)
    return Written(channel)


def leave_channel(*, actor: Member, channel_id: int) -> Written:
    """Leave a channel; of a public one the reader keeps sight.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: not in it.
        Conflict: ``chat.last_owner``, others are in it and nobody else owns it.
    """
    channel, membership = require(actor, channel_id, "channel.leave")
    inside = Membership.objects.inside().filter(channel=channel).exclude(member=actor)
    is_owner = membership is not None and membership.role == Role.OWNER
    if is_owner and inside.exists() and not inside.filter(role=Role.OWNER).exists():
        raise Conflict(
            code="chat.last_owner",
            detail=_("You are the only owner. Make somebody else an owner first."),
        )
    Membership.objects.filter(channel=channel, member=actor).delete()
    total, stays = inside.count(), is_open_to(actor, channel)
    append(
        topic=channel.topic,
        event="member.left",
        actor=actor,
        data={"member": actor.pk, "total": total},
        fresh=partial(MemberLeft, member=Card(**member_card(actor)), total=total),
        out=[] if stays else [actor.pk],
        check=[actor.pk] if stays else (),
    )
    if channel.kind == Kind.GROUP:
        append_changed(actor, channel, is_named_anew=not channel.name)
    _append_out(actor, channel, actor)
    return Written(channel)


def group_full() -> Conflict:
    """The refusal of a group that has all the people it can have."""
    return Conflict(
        code="chat.group_full",
        detail=_("A group has up to 20 people. Open a room for more."),
    )


def add_member(*, actor: Member, channel_id: int, member_id: int) -> Written:
    """Let somebody into a channel, also after a removal; being in it changes nothing.

    Raises:
        NotFound: no such channel or member for this actor.
        Forbidden: not a moderator of it; ``chat.unreachable``, one blocks the other.
        Conflict: ``chat.group_full``, 20 are in the group.
    """
    channel, _membership = require(actor, channel_id, "member.add")
    member = member_for(actor, member_id)
    if not is_member(member):
        raise NotFound
    inside = Membership.objects.inside().filter(channel=channel)
    if not inside.filter(member=member).exists():
        require_reachable(actor, [member.pk])
        if channel.kind == Kind.GROUP and inside.count() >= MAX_GROUP:
            raise group_full()
        level = Level.ALL if channel.kind == Kind.GROUP else Level.MENTIONS
        let_in(actor, channel, [member], Role.MEMBER, level)
    return Written(channel)


def remove_member(*, actor: Member, channel_id: int, member_id: int) -> Written:
    """Remove somebody from a channel; of a public one they lose sight, too.

    Raises:
        NotFound: no such channel for this actor, or that member is not in it.
        Forbidden: not a moderator of it, or that member owns it.
    """
    channel, _membership = require(actor, channel_id, "member.remove")
    place = (
        Membership.objects.inside()
        .select_related("member__organisation")
        .filter(channel=channel, member_id=member_id)
        .first()
    )
    if place is None:
        raise NotFound
    if place.role == Role.OWNER:
        raise Forbidden(detail=_("An owner cannot be removed."))
    _put_out(actor, channel, place)
    return Written(channel)


def close_rooms(*, actor: Member, organisation_id: int, member_id: int) -> None:
    """Close an organisation's rooms to somebody who has no role there any longer, inside a unit.

    Whoever is in one is removed from it, owners too; whoever only reads one reads no more.
    """
    rooms = list(Channel.objects.filter(organisation=organisation_id, is_public=False))
    current().lock([room.topic for room in rooms], make=True)
    places = {
        place.channel_id: place
        for place in Membership.objects.inside()
        .select_related("member__organisation")
        .filter(channel__in=rooms, member_id=member_id)
    }
    for room in rooms:
        place = places.get(room.pk)
        if place is not None:
            place.ended_with_role = True
            _put_out(actor, room, place)
        else:
            append(
                topic=room.topic,
                event="channel.changed",
                actor=actor,
                subject=room,
                check=[member_id],
            )


def open_rooms(*, actor: Member, organisation_id: int, member_id: int) -> None:
    """Let somebody with a role again back into the rooms that its end closed, inside a unit.

    Whom a moderator removed stays out. Who represents the organisation owns its rooms, as those
    who join them do; what happened meanwhile is not replayed.
    """
    places = list(
        Membership.objects.select_related("channel__organisation", "member__organisation").filter(
            channel__organisation=organisation_id,
            member_id=member_id,
            role=Role.OUT,
            ended_with_role=True,
        )
    )
    topics = [place.channel.topic for place in places]
    current().lock([*topics, f"member:{member_id}"], make=True)
    for place in places:
        house = place.channel.organisation
        is_owner = house is not None and is_representative(place.member, house)
        role = Role.OWNER if is_owner else Role.MEMBER
        let_in(actor, place.channel, [place.member], role, Level(place.level))


def _put_out(actor: Member, channel: Channel, place: Membership) -> None:
    place.role = Role.OUT
    place.save(update_fields=["role", "ended_with_role"])
    total = member_total(channel.pk)
    append(
        topic=channel.topic,
        event="member.removed",
        actor=actor,
        data={"member": place.member_id, "total": total},
        fresh=partial(MemberRemoved, member=Card(**member_card(place.member)), total=total),
        out=[place.member_id],
    )
    _append_out(actor, channel, place.member)


def _append_out(actor: Member, channel: Channel, member: Member) -> None:
    append(
        topic=f"member:{member.pk}",
        event="channel.removed",
        actor=actor,
        subject=channel,
        fresh=partial(ChannelRemoved, id=channel.pk),
    )
