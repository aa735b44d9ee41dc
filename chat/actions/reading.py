"""Writes about how far somebody has read."""

from functools import partial

from chat.access import message_in, require
from chat.events import ChannelRead
from chat.models import Membership
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


def unread_from(*, actor: Member, channel_id: int, message_id: int) -> Written:
    """Move the read marker back, to before a message, which is then the first unread one.

    Raises:
        NotFound: no such channel or message for this actor.
        Forbidden: not in the channel.
    """
    channel, membership = require(actor, channel_id, "channel.unread")
    message = message_in(channel, message_id)
    seq = message.seq - 1
    moved = membership is not None and (
        Membership.objects.filter(pk=membership.pk, read_seq__gt=seq).update(read_seq=seq)
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
    return Written(message)
