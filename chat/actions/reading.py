"""Writes about how far somebody has read."""

from functools import partial

from chat.access import message_in, require
from chat.events import ChannelRead
from chat.models import Channel, Membership
from live.registry import Written
from live.units import append, current
from members.models import Member


def read_channel(*, actor: Member, channel_id: int, seq: int) -> Written:
    """Move the read marker forward, at most to the head; it never moves back.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: not in the channel.
    """
    channel, membership = require(actor, channel_id, "channel.read")
    seq = min(seq, current().head(channel.topic))
    _move(actor, channel, membership, seq, read_seq__lt=seq)
    return Written()


def unread_from(*, actor: Member, channel_id: int, message_id: int) -> Written:
    """Move the read marker back, to before a message, which is then the first unread one.

    Raises:
        NotFound: no such channel or message for this actor.
        Forbidden: not in the channel.
    """
    channel, membership = require(actor, channel_id, "channel.unread")
    message = message_in(channel, message_id)
    seq = message.seq - 1
    _move(actor, channel, membership, seq, read_seq__gt=seq)
    return Written(message)


def _move(
    actor: Member, channel: Channel, own: Membership | None, seq: int, **standing: int
) -> None:
    """Put the marker of a membership to ``seq``, if it stands as asked, and say so."""
    if own and Membership.objects.filter(pk=own.pk, **standing).update(read_seq=seq):
        append(
            topic=f"member:{actor.pk}",
            event="channel.read",
            actor=actor,
            subject=channel,
            data={"seq": seq},
            fresh=partial(ChannelRead, channel=channel.pk, seq=seq),
        )
