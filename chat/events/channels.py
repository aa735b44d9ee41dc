"""What the chat says and takes about channels and who is in them."""

import msgspec

from live.registry import EventData
from members.events import Card


class House(msgspec.Struct, frozen=True, kw_only=True):
    """The organisation that a room belongs to."""

    id: int
    name: str


class ChannelState(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as all its readers see it.

    Attributes:
        kind: ``channel``, ``direct`` (of two) or ``group`` (of up to 20).
        topic: The name of its log.
        name: May be empty in conversations, which go by the names of the people then.
        organisation: Whose people read it and may join; null where it belongs to none.
        slow_mode_s: Seconds between two messages of one member; 0 for no limit.
        people: Who is in a conversation, by id; empty in channels.
        purpose: What it is for; may be empty.
        is_public: Whether every member may read and join.
        is_archived: Whether it takes no more messages.
        members: How many are in it.
        created_at: ISO 8601, UTC.
    """

    id: int
    kind: str
    topic: str
    name: str
    purpose: str
    is_public: bool
    is_archived: bool
    organisation: House | None
    slow_mode_s: int
    members: int
    people: list[Card]
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
    """A channel's name, 1 to 80 characters, and purpose, up to 500.

    Attributes:
        slow_mode_s: Seconds between two messages of one member, up to 3,600; null leaves it.
    """

    name: str
    purpose: str = ""
    slow_mode_s: int | None = None


class CreateChannel(msgspec.Struct, frozen=True, kw_only=True):
    """A new channel, which one owns."""

    name: str
    purpose: str = ""
    is_public: bool = True
    organisation: int | None = None


class StartConversation(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to talk with: one member directly, or a group of up to 19 others.

    Attributes:
        title: The group's name, up to 80 characters; without one it is named by its people.
    """

    members: list[int]
    title: str = ""
