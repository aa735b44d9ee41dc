"""Writes about looking after a channel: roles, the archive, pace, links that let people in."""

import secrets
from datetime import timedelta
from functools import partial

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from chat.access import link_for, moderates, require, usable_link
from chat.actions.channels import append_changed, let_in
from chat.events.keeping import RoleChanged
from chat.models import Channel, InviteLink, Membership
from chat.vocabulary import MAX_LINK_DAYS, MAX_LINKS, Level, Role
from live.registry import Written
from live.units import append, current
from members.access import is_member
from members.events import Card
from members.models import Member
from members.queries import member_card

GIVEN = (Role.OWNER, Role.MODERATOR, Role.MEMBER, Role.READER)
TOKEN_BYTES = 24


def change_role(*, actor: Member, channel_id: int, member_id: int, role: str) -> Written:
    """Give somebody in the channel another role, or oneself.

    Raises:
        NotFound: no such channel for this actor, or that member is not in it.
        Forbidden: does not own it.
        Invalid: no such role.
        Conflict: ``chat.last_owner``, nobody else owns it.
    """
    channel, _membership = require(actor, channel_id, "member.role")
    if role not in GIVEN:
        raise Invalid(fields={"role": [str(_("There is no such role."))]})
    inside = Membership.objects.inside().filter(channel=channel)
    place = inside.select_related("member__organisation").filter(member_id=member_id).first()
    if place is None:
        raise NotFound
    if place.role != role:
        owners = inside.filter(role=Role.OWNER).exclude(pk=place.pk)
        if place.role == Role.OWNER and not owners.exists():
            raise Conflict(
                code="chat.last_owner",
                detail=_("You are the only owner. Make somebody else an owner first."),
            )
        inside.filter(pk=place.pk).update(role=role)
        append(
            topic=channel.topic,
            event="member.role_changed",
            actor=actor,
            data={"member": member_id, "role": role},
            fresh=partial(RoleChanged, member=Card(**member_card(place.member)), role=role),
            check=[member_id],
        )
    return Written(channel)


def archive_channel(*, actor: Member, channel_id: int, on: bool) -> Written:
    """Close a channel for new messages, or open it again; everything in it stays to be read.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: does not own it.
    """
    channel, _membership = require(actor, channel_id, "channel.archive")
    if channel.is_archived != on:
        channel.is_archived = on
        channel.save(update_fields=["is_archived"])
        append_changed(actor, channel, check="all")
    return Written(channel)


def keep_pace(actor: Member, channel: Channel, membership: Membership | None) -> None:
    """Let a message through if the last one is long enough ago; for channels with slow mode.

    Whoever looks after the channel is not slowed down. Two queries, in such channels alone.

    Raises:
        TooMany: ``chat.slow_mode``, with the seconds to wait: the same call succeeds then.
    """
    if membership is None or moderates(actor, channel, membership):
        return
    at = current().clock()
    if membership.posted_at is not None:
        wait = membership.posted_at + timedelta(seconds=channel.slow_mode_s) - at
        if wait > timedelta(0):
            raise TooMany(
                code="chat.slow_mode",
                detail=_("This room is in slow mode. Your message can be sent in a while."),
                retry_after_s=round(wait.total_seconds() + 0.05, 1),
            )
    Membership.objects.filter(pk=membership.pk).update(posted_at=at)
    membership.posted_at = at


def make_link(*, actor: Member, channel_id: int, role: str, days: int) -> Written:
    """Make a link that lets members into the channel until it expires or is revoked.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: not a moderator of it.
        Invalid: another role than ``member`` or ``reader``, or not 1 to 90 days.
        Conflict: ``chat.too_many_links``, the channel has 20 that work.
    """
    channel, _membership = require(actor, channel_id, "link.make")
    if role not in {Role.MEMBER, Role.READER}:
        raise Invalid(fields={"role": [str(_("There is no such role."))]})
    if not 1 <= days <= MAX_LINK_DAYS:
        raise Invalid(fields={"days": [str(_("Choose 1 to 90 days."))]})
    at = now()
    working = InviteLink.objects.filter(
        channel=channel, revoked_at=None, expires_at__gt=at, for_member=None
    )
    if working.count() >= MAX_LINKS:
        raise Conflict(
            code="chat.too_many_links",
            detail=_("This room has as many links as it can. Revoke one first."),
        )
    link = InviteLink.objects.create(
        channel=channel,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        role=role,
        made_by=actor,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    return Written(link)


def revoke_link(*, actor: Member, channel_id: int, link_id: int) -> Written:
    """Let a link let nobody in any more; whoever came by it stays.

    Raises:
        NotFound: no such channel or link for this actor.
        Forbidden: not a moderator of the channel.
    """
    channel, _membership = require(actor, channel_id, "link.revoke")
    link = link_for(channel, link_id)
    if link.revoked_at is None:
        link.revoked_at = now()
        link.save(update_fields=["revoked_at"])
    return Written(link)


def enter_by_link(*, actor: Member, token: str) -> Written:
    """Come into a channel by a link; being in it already changes nothing.

    Whoever was removed does not come back this way.

    Raises:
        Forbidden: not a full member.
        NotFound: no such link, it expired or was revoked, or the channel is archived.
    """
    if not is_member(actor):
        raise Forbidden
    link = usable_link(actor, token)
    channel = link.channel
    current().lock([channel.topic])
    place = Membership.objects.filter(channel=channel, member=actor).first()
    if place is not None and not place.is_inside:
        raise NotFound
    if place is None:
        let_in(actor, channel, [actor], Role(link.role), Level.MENTIONS)
        InviteLink.objects.filter(pk=link.pk).update(uses=F("uses") + 1)
    return Written(channel, topic=channel.topic)
