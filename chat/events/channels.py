"""What the chat says and takes about channels and who is in them."""

import msgspec

from live.registry import EventData
from members.events import Card


class ChannelState(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as all its readers see it.

    Attributes:
        topic: The name of its log.
        purpose: What it is for; may be empty.
        is_public: Whether every member may read and join.
        is_archived: Whether it takes no more messages.
        members: How many are in it.
        created_at: ISO 8601, UTC.
    """

    id: int
    topic: str
    name: str
    purpose: str
    is_public: bool
    is_archived: bool
    members: int
    created_at: str


class ChannelChanged(EventData, frozen=True, kw_only=True):
    """The channel as it is now, after it was made or renamed."""

    channel: ChannelState


class MemberJoined(EventData, frozen=True, kw_only=True):
    """Somebody is in the channel now; ``total`` counts all who are."""

    member: Card
    role: str
    total: int


class MemberLeft(EventData, frozen=True, kw_only=True):
    """Somebody left the channel."""

    member: Card
    total: int


class MemberRemoved(EventData, frozen=True, kw_only=True):
    """Somebody was removed from the channel; the last event that they get."""

    member: Card
    total: int


class ChannelAdded(EventData, frozen=True, kw_only=True):
    """To oneself: a channel that one is in now, read up to ``read_seq``."""

    channel: ChannelState
    read_seq: int


class ChannelRemoved(EventData, frozen=True, kw_only=True):
    """To oneself: a channel that one is no longer in."""

    id: int


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """A command without data."""


class NameMember(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to add or to remove."""

    member: int


class DescribeChannel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel's name, 1 to 80 characters, and purpose, up to 500."""

    name: str
    purpose: str = ""


class CreateChannel(msgspec.Struct, frozen=True, kw_only=True):
    """A new channel, which one owns."""

    name: str
    purpose: str = ""
    is_public: bool = True
