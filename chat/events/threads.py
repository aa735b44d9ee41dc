"""What the chat says and takes about threads and one's place in them."""

import msgspec

from live.registry import EventData


class ThreadFollowed(EventData, frozen=True, kw_only=True):
    """To oneself: one's place in a thread as it is now.

    Attributes:
        id: The message under which the thread stands.
        channel: The channel's id.
        seq: Replies up to this place of the channel's log are read.
    """

    id: int
    channel: int
    following: bool
    seq: int


class FollowThread(msgspec.Struct, frozen=True, kw_only=True):
    """Follow the thread under a message, or stop it."""

    id: int
    on: bool = True


class ReadThread(msgspec.Struct, frozen=True, kw_only=True):
    """Replies up to ``seq`` are read in the thread under a message."""

    id: int
    seq: int
