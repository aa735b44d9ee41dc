"""Reads of copies of rooms."""

from django.db.models import QuerySet

from base.clock import now
from chat.models import Channel, Message, RoomCopy
from chat.vocabulary import LARGE_ROOM
from members.models import Member

SHOWN_COPIES = 10


def is_large(channel: Channel) -> bool:
    """Whether a room has more than can be sent while somebody waits. One bounded query."""
    rows = Message.objects.filter(channel=channel).order_by("pk")
    return rows[LARGE_ROOM : LARGE_ROOM + 1].exists()


def own_copies(member: Member, channel: Channel) -> QuerySet[RoomCopy]:
    """The copies of a room that a member asked for and that are kept still, newest first."""
    return RoomCopy.objects.filter(member=member, channel=channel, expires_at__gt=now())
