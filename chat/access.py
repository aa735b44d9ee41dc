"""Who may see and do what in the chat: the only door for ids from outside."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Forbidden, NotFound
from chat.models import Channel, InviteLink, Membership, Message, Preview, RoomCopy
from chat.rules import SPEAKS, commands_for, other_of
from chat.vocabulary import Kind, PreviewState, Role
from live.registry import Reach
from live.rows import fetch
from live.units import remember
from members.access import Actor, is_member
from members.models import Appointment, Member, Organisation
from members.vocabulary import MemberKind
from moderation.access import apart_from

LAST_NTH = """
    (SELECT nth FROM chat_message WHERE channel_id = chat_channel.id ORDER BY seq DESC LIMIT 1)
"""
_Place = tuple[Channel, Membership | None]


def visible_channels(actor: Actor) -> QuerySet[Channel]:
    """The channels that the actor may read: open ones unless removed, and one's own."""
    if not is_member(actor):
        return Channel.objects.none()
    own = Membership.objects.filter(channel=OuterRef("pk"), member=actor)
    is_open = Q(is_public=True) | Q(organisation__in=organisations_of(actor))
    return Channel.objects.filter(
        Q(Exists(own.inside())) | (is_open & ~Q(Exists(own.filter(role=Role.OUT))))
    )


def organisations_of(actor: Member) -> QuerySet[Organisation]:
    """The organisations whose rooms are open to the actor: those where a role was granted.

    The organisation of a profile opens nothing: anybody can type its name.
    """
    held = Appointment.objects.granted().filter(member=actor).values("organisation")
    return Organisation.objects.filter(pk__in=held)


def is_open_to(actor: Member, channel: Channel) -> bool:
    """Whether the actor may read and join the channel without being let in.

    A query for channels of organisations.
    """
    if channel.is_public or channel.organisation_id is None:
        return channel.is_public
    return organisations_of(actor).filter(pk=channel.organisation_id).exists()


def channel_for(actor: Actor, channel_id: int) -> Channel:
    """The channel with this id.

    Raises:
        NotFound: there is none, or the actor may not see it.
    """
    channel = visible_channels(actor).filter(pk=channel_id).first()
    if channel is None:
        raise NotFound
    return channel


def owned_channel(actor: Actor, channel_id: int) -> Channel:
    """The channel with this id, which the actor owns.

    Raises:
        NotFound: there is none, or the actor may not see it.
        Forbidden: the actor does not own it; nobody owns a conversation.
    """
    channel = channel_for(actor, channel_id)
    own = Membership.objects.filter(channel=channel, member=actor.pk, role=Role.OWNER)
    if channel.kind != Kind.CHANNEL or not own.exists():
        raise Forbidden
    return channel


def copy_for(actor: Actor, channel_id: int, copy_id: int) -> RoomCopy:
    """One's own copy of a channel that is one's own still, the channel loaded.

    Raises:
        NotFound: there is none, it is another's or its time is over.
        Forbidden: the actor does not own the channel any more.
    """
    channel = owned_channel(actor, channel_id)
    row = RoomCopy.objects.filter(
        pk=copy_id, channel=channel, member=actor.pk, expires_at__gt=now()
    ).first()
    if row is None:
        raise NotFound
    row.channel = channel
    return row


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
    ids = [(pk,) for pk in {i for _, i in pairs}]
    channels = {row.pk: row for row in fetch(Channel, ("id",), ids, {"last_nth": LAST_NTH})}
    wanted = [(channel_id, actor.pk) for actor, channel_id in pairs]
    memberships = {
        (row.channel_id, row.member_id): row
        for row in fetch(Membership, ("channel_id", "member_id"), wanted)
    }
    found: dict[Any, _Place | None] = {}
    for actor, channel_id in pairs:
        channel, membership = channels.get(channel_id), memberships.get((channel_id, actor.pk))
        is_seen = channel is not None and (
            membership.is_inside if membership else is_open_to(actor, channel)
        )
        place = (channel, membership) if channel and is_seen and is_member(actor) else None
        if place and membership:
            membership.channel = place[0]
        found["chat.place", actor.pk, channel_id] = place
    return found


def require(actor: Member, channel_id: int, command: str) -> tuple[Channel, Membership | None]:
    """Let through whoever may use the command in the channel.

    Raises:
        NotFound: there is no such channel, or the actor may not see it.
        Forbidden: seen, but not allowed; ``chat.unreachable`` where one of the two members of a
            direct conversation blocks the other.
    """
    channel, membership = place_for(actor, channel_id)
    if command not in can_in(actor, channel, membership):
        raise Forbidden
    if channel.pair is not None and command in SPEAKS:
        require_reachable(actor, [other_of(channel.pair, actor.pk)])
    return channel, membership


def require_reachable(actor: Member, member_ids: Collection[int]) -> None:
    """Let through whoever may address those members directly. One query.

    Both sides of a block get the same answer, so that it does not tell who blocks.

    Raises:
        Forbidden: ``chat.unreachable``, one of them blocks the actor or is blocked.
    """
    if apart_from(actor.pk, member_ids):
        raise Forbidden(
            code="chat.unreachable",
            detail=_("You cannot write to this member directly."),
        )


def can_in(actor: Member, channel: Channel, membership: Membership | None) -> tuple[str, ...]:
    """The commands that a reader of the channel has there, sorted."""
    is_inside = membership is not None and membership.is_inside
    return commands_for(
        kind=channel.kind,
        role=membership.role if membership is not None and is_inside else None,
        moderates=moderates(actor, channel, membership),
        may_join=membership is None and is_open_to(actor, channel),
        is_archived=channel.is_archived,
    )


def moderates(actor: Member, channel: Channel, membership: Membership | None) -> bool:
    """Whether the actor looks after the channel from inside; nobody does in conversations."""
    if membership is None or not membership.is_inside or channel.kind != Kind.CHANNEL:
        return False
    return membership.moderates or actor.is_moderator


def link_for(channel: Channel, link_id: int) -> InviteLink:
    """A link into a channel that the actor looks after.

    Raises:
        NotFound: there is none with this id there.
    """
    link = InviteLink.objects.filter(channel=channel, pk=link_id, for_member=None).first()
    if link is None:
        raise NotFound
    return link


def usable_link(actor: Actor, token: str) -> InviteLink:
    """The link with this token, if it lets the actor in now; its channel comes with it.

    Raises:
        NotFound: there is none, it is for another, expired or was revoked, or the channel is
            archived.
    """
    link = InviteLink.objects.select_related("channel").filter(token=token[:64]).first()
    if link is None or not link.is_usable(now()) or link.channel.is_archived:
        raise NotFound
    if link.for_member_id not in {None, actor.pk}:
        raise NotFound
    return link


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
        if not is_open_to(actor, channel):
            return None
        return Reach(can=can_in(actor, channel, None))
    if not membership.is_inside:
        return None
    return Reach(can=can_in(actor, channel, membership), since=membership.since)


def visible_messages(actor: Actor) -> QuerySet[Message]:
    """The messages that the actor may read now and that still say something."""
    return Message.objects.filter(channel__in=visible_channels(actor), deleted_at=None)


def preview_for(actor: Actor, preview_id: int) -> Preview:
    """The preview with this id, of a message that the actor may read.

    Raises:
        NotFound: there is none, or the actor may not see it.
    """
    rows = Preview.objects.filter(pk=preview_id, state=PreviewState.SHOWN)
    preview = rows.filter(message__in=visible_messages(actor)).first()
    if preview is None:
        raise NotFound
    return preview
