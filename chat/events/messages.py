"""What the chat says and takes about messages."""

import msgspec

from live.registry import EventData
from members.events import Card


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """The author of a message that is replied to."""

    id: int
    name: str


class ReplyTo(msgspec.Struct, frozen=True, kw_only=True):
    """The message that is replied to.

    Attributes:
        author: Null where the account was erased.
        excerpt: The beginning of its text, without markup.
    """

    id: int
    author: Author | None
    excerpt: str


class ReactionTotal(msgspec.Struct, frozen=True, kw_only=True):
    """One emoji on a message.

    Attributes:
        members: The first 20 of those who chose it, by id.
    """

    emoji: str
    total: int
    members: list[int]


class MessagePosted(EventData, frozen=True, kw_only=True):
    """A message as it is now: events, snapshots and REST rows have this one shape.

    A deleted message keeps its place and nothing of what it said.

    Attributes:
        seq: Its place in the channel's log; it keeps it when it is edited.
        text: Markdown, as it was written.
        html: The text rendered and cleaned.
        author: Null where the account was erased.
        language: BCP 47; empty where it is not known.
        posted_at: ISO 8601, UTC.
        edited_at: The last edit; null where there was none.
    """

    id: int
    seq: int
    text: str
    html: str
    author: Card | None
    language: str
    reply_to: ReplyTo | None
    posted_at: str
    edited_at: str | None
    deleted: bool
    reactions: list[ReactionTotal]


class MessageEdited(MessagePosted, frozen=True, kw_only=True):
    """The message as it is after an edit.

    Attributes:
        excerpt: What replies to it quote of it from now on; of a deleted one they quote nothing.
    """

    excerpt: str


class MessageDeleted(MessagePosted, frozen=True, kw_only=True):
    """What is left of a message after its deletion."""


class MessageReacted(EventData, frozen=True, kw_only=True):
    """All reactions of a message after one came or went."""

    id: int
    reactions: list[ReactionTotal]


class PostMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A new message: Markdown of 1 to 10,000 characters."""

    text: str
    reply_to: int | None = None


class EditMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The new text of one's own message."""

    id: int
    text: str


class DeleteMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Take back one's own message, or as a moderator any."""

    id: int


class React(msgspec.Struct, frozen=True, kw_only=True):
    """Put an emoji on a message or take it off."""

    id: int
    emoji: str
    on: bool = True
