"""Writes about channels: opening and describing them, coming, going, letting in and removing."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound
from base.text import clean_text
from chat.access import require
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
from chat.vocabulary import MAX_NAME, MAX_PURPOSE, Role
from live.registry import Written
from live.units import append, current
from members.access import is_member, member_for
from members.events import Card
from members.models import Member
from members.queries import member_card


def _described(name: str, purpose: str) -> tuple[str, str]:
    """Name and purpose of a channel, checked.

    Raises:
        Invalid: the name is missing, or one of them is too long.
    """
    name, purpose = " ".join(name.split()), purpose.strip()
    if not name:
        raise Invalid(fields={"name": [str(_("A channel needs a name."))]})
    clean_text(name, MAX_NAME, field="name")
    clean_text(purpose, MAX_PURPOSE, field="purpose")
    return name, purpose


def create_channel(*, actor: Member, name: str, purpose: str, is_public: bool) -> Written:
    """Open a channel; who opens it owns it.

    Raises:
        Forbidden: not a full member.
        Invalid: the name is missing or too long.
    """
    if not is_member(actor):
        raise Forbidden
    name, purpose = _described(name, purpose)
    channel = Channel.objects.create(name=name, purpose=purpose, is_public=is_public)
    _append_changed(actor, channel, 1)
    _let_in(actor, channel, actor, Role.OWNER)
    return Written(channel, topic=channel.topic)


def edit_channel(*, actor: Member, channel_id: int, name: str, purpose: str) -> Written:
    """Rename a channel or say anew what it is for.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: not a moderator of it.
        Invalid: the name is missing or too long.
    """
    channel, _membership = require(actor, channel_id, "channel.edit")
    described = _described(name, purpose)
    if (channel.name, channel.purpose) != described:
        channel.name, channel.purpose = described
        channel.save(update_fields=["name", "purpose"])
        _append_changed(actor, channel, member_total(channel.pk))
    return Written(channel)


def _append_changed(actor: Member, channel: Channel, total: int) -> None:
    append(
        topic=channel.topic,
        event="channel.changed",
        actor=actor,
        subject=channel,
        fresh=partial(_changed, channel, total),
    )


def _changed(channel: Channel, total: int) -> ChannelChanged:
    return ChannelChanged(channel=channel_state(channel, total))


def _let_in(actor: Member, channel: Channel, member: Member, role: Role) -> None:
    """Make somebody a member of the channel and say so to both topics."""
    before = Membership.objects.filter(channel=channel, member=member).first()
    total = member_total(channel.pk) + 1
    card = Card(**member_card(member))
    seq = append(
        topic=channel.topic,
        event="member.joined",
        actor=actor,
        data={"member": member.pk, "role": role.value, "total": total},
        fresh=partial(MemberJoined, member=card, role=role.value, total=total),
        check=[member.pk],
    )
    # Whoever had no access until now must not replay what happened before.
    since = seq if before is not None or not channel.is_public else 0
    head = current().head(channel.topic)
    Membership.objects.update_or_create(
        channel=channel,
        member=member,
        defaults={"role": role, "since": since, "read_seq": head, "joined_at": now()},
    )
    append(
        topic=f"member:{member.pk}",
        event="channel.added",
        actor=actor,
        subject=channel,
        data={"read_seq": head},
        fresh=partial(_added, channel, total, head),
    )


def _added(channel: Channel, total: int, read_seq: int) -> ChannelAdded:
    return ChannelAdded(channel=channel_state(channel, total), read_seq=read_seq)


def join_channel(*, actor: Member, channel_id: int) -> Written:
    """Join a public channel; being in it already changes nothing.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: it is archived.
    """
    channel, membership = require(actor, channel_id, "channel.join")
    if membership is None:
        _let_in(actor, channel, actor, Role.MEMBER)
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
    total = inside.count()
    append(
        topic=channel.topic,
        event="member.left",
        actor=actor,
        data={"member": actor.pk, "total": total},
        fresh=partial(MemberLeft, member=Card(**member_card(actor)), total=total),
        out=[] if channel.is_public else [actor.pk],
        check=[actor.pk] if channel.is_public else (),
    )
    _append_out(actor, channel, actor)
    return Written(channel)


def add_member(*, actor: Member, channel_id: int, member_id: int) -> Written:
    """Let somebody into a channel, also after a removal; being in it changes nothing.

    Raises:
        NotFound: no such channel or member for this actor.
        Forbidden: not a moderator of it.
    """
    channel, _membership = require(actor, channel_id, "member.add")
    member = member_for(actor, member_id)
    if not is_member(member):
        raise NotFound
    if not Membership.objects.inside().filter(channel=channel, member=member).exists():
        _let_in(actor, channel, member, Role.MEMBER)
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
    place.role = Role.OUT
    place.save(update_fields=["role"])
    total = member_total(channel.pk)
    append(
        topic=channel.topic,
        event="member.removed",
        actor=actor,
        data={"member": member_id, "total": total},
        fresh=partial(MemberRemoved, member=Card(**member_card(place.member)), total=total),
        out=[member_id],
    )
    _append_out(actor, channel, place.member)
    return Written(channel)


def _append_out(actor: Member, channel: Channel, member: Member) -> None:
    append(
        topic=f"member:{member.pk}",
        event="channel.removed",
        actor=actor,
        subject=channel,
        fresh=partial(ChannelRemoved, id=channel.pk),
    )
