"""What the chat says and takes about bookmarks and marks of one's own."""

import msgspec

from live.registry import EventData


class BookmarkChanged(EventData, frozen=True, kw_only=True):
    """To oneself: whether a message is among one's bookmarks.

    Attributes:
        id: The message.
        channel: The channel's id.
    """

    id: int
    channel: int
    on: bool


class BookmarkMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Put a message among one's bookmarks, or take it away."""

    id: int
    on: bool = True


class UnreadFrom(msgspec.Struct, frozen=True, kw_only=True):
    """The message and all after it are unread again."""

    id: int
