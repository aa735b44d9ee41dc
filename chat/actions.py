"""Writes of the chat. Each runs inside a unit, under the lock of the channel's topic."""

from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound
from base.text import clean_text, has_markup, render
from chat.access import message_in, require
from chat.events import (
    ChannelAdded,
    ChannelChanged,
    ChannelRead,
    ChannelRemoved,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessageReacted,
)
from chat.models import Channel, Membership, Message, Reaction
from chat.queries import channel_state, member_total, reactions_of, shown_one
from chat.rules import is_emoji
from chat.vocabulary import (
    MAX_KINDS_OF_REACTIONS,
    MAX_NAME,
    MAX_PURPOSE,
    MAX_TEXT,
    Role,
)
from live.registry import Written
from live.units import add, append, current
from members.access import is_member, member_for
from members.events import Card
from members.models import Member
from members.queries import member_card


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its HTML, made before any lock is held."""

    text: str
    html: str


def words(text: str) -> Words:
    """Check and render what somebody wrote.

    Raises:
        Invalid: ``chat.text_empty``, ``chat.text_too_long``, ``text.unreadable``.
    """
    if not text.strip():
        detail = _("Write something first.")
        raise Invalid(code="chat.text_empty", detail=detail, fields={"text": [str(detail)]})
    clean_text(text, MAX_TEXT, too_long="chat.text_too_long")
    return Words(text, render(text))


def is_quick(text: str) -> bool:
    """Whether :func:`words` takes next to no time for this text."""
    return len(text) > MAX_TEXT or not has_markup(text)


def post_message(
    *, actor: Member, channel_id: int, said: Words, reply_to: int | None = None
) -> Written:
    """Say something in a channel, perhaps in reply to a message there.

    Raises:
        NotFound: no such channel or message for this actor.
        Forbidden: not in the channel.
    """
    channel, _membership = require(actor, channel_id, "message.post")
    replied = None
    if reply_to is not None:
        replied = message_in(channel, reply_to)
        if replied.deleted_at is not None:
            raise NotFound
    message = Message(
        channel=channel,
        author=actor,
        text=said.text,
        html=said.html,
        reply_to=replied,
        posted_at=current().clock(),
    )
    message.seq = append(
        topic=channel.topic,
        event="message.posted",
        actor=actor,
        subject=message,
        fresh=partial(shown_one, message, [], MessagePosted),
    )
    return Written(add(message))


def edit_message(*, actor: Member, channel_id: int, message_id: int, said: Words) -> Written:
    """Change one's own message; the same text again changes nothing.

    Raises:
        NotFound: no such message for this actor, or it was deleted.
        Forbidden: somebody else's message.
    """
    channel, _membership = require(actor, channel_id, "message.edit")
    message = message_in(channel, message_id)
    if message.deleted_at is not None:
        raise NotFound
    if message.author_id != actor.pk:
        raise Forbidden
    if message.text != said.text:
        message.text, message.html, message.edited_at = said.text, said.html, now()
        message.save(update_fields=["text", "html", "edited_at"])
        totals = reactions_of([message.pk]).get(message.pk, [])
        append(
            topic=channel.topic,
            event="message.edited",
            actor=actor,
            subject=message,
            fresh=partial(shown_one, message, totals, MessageEdited),
        )
    return Written(message)


def delete_message(*, actor: Member, channel_id: int, message_id: int) -> Written:
    """Take back one's own message, or as a moderator anybody's; its place stays.

    Raises:
        NotFound: no such message for this actor.
        Forbidden: somebody else's message.
    """
    channel, membership = require(actor, channel_id, "message.delete")
    message = message_in(channel, message_id)
    moderates = actor.is_moderator or (membership is not None and membership.moderates)
    if message.author_id != actor.pk and not moderates:
        raise Forbidden
    if message.deleted_at is None:
        message.text, message.html, message.deleted_at = "", "", now()
        message.save(update_fields=["text", "html", "deleted_at"])
        Reaction.objects.filter(message=message).delete()
        append(
            topic=channel.topic,
            event="message.deleted",
            actor=actor,
            subject=message,
            fresh=partial(shown_one, message, [], MessageDeleted),
        )
    return Written(message)


def react(*, actor: Member, channel_id: int, message_id: int, emoji: str, on: bool) -> Written:
    """Put an emoji on a message or take one's own off; doing it twice changes nothing.

    Raises:
        NotFound: no such message for this actor, or it was deleted.
        Invalid: ``chat.not_an_emoji``.
        Conflict: ``chat.too_many_reactions``, the message has 20 different ones.
    """
    channel, _membership = require(actor, channel_id, "message.react")
    message = message_in(channel, message_id)
    if message.deleted_at is not None:
        raise NotFound
    if not is_emoji(emoji):
        raise Invalid(code="chat.not_an_emoji", detail=_("Choose one emoji."))
    own = Reaction.objects.filter(message=message, member=actor, emoji=emoji)
    if own.exists() != on:
        if on:
            kinds = {total.emoji for total in reactions_of([message.pk]).get(message.pk, [])}
            if emoji not in kinds and len(kinds) >= MAX_KINDS_OF_REACTIONS:
                raise Conflict(
                    code="chat.too_many_reactions",
                    detail=_("This message has as many different reactions as it can."),
                )
            Reaction.objects.create(message=message, member=actor, emoji=emoji)
        else:
            own.delete()
        totals = reactions_of([message.pk]).get(message.pk, [])
        append(
            topic=channel.topic,
            event="message.reacted",
            actor=actor,
            subject=message,
            fresh=partial(MessageReacted, id=message.pk, reactions=totals),
        )
    return Written(message)


def read_channel(*, actor: Member, channel_id: int, seq: int) -> Written:
    """Move the read marker forward, at most to the head; it never moves back.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: not in the channel.
    """
    channel, membership = require(actor, channel_id, "channel.read")
    seq = min(seq, current().head(channel.topic))
    moved = membership is not None and (
        Membership.objects.filter(pk=membership.pk, read_seq__lt=seq).update(read_seq=seq)
    )
    if moved:
        append(
            topic=f"member:{actor.pk}",
            event="channel.read",
            actor=actor,
            subject=channel,
            data={"seq": seq},
            fresh=partial(ChannelRead, channel=channel.pk, seq=seq),
        )
    return Written()


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
        fresh=partial(_added, channel, total),
    )


def _added(channel: Channel, total: int) -> ChannelAdded:
    return ChannelAdded(channel=channel_state(channel, total))


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
