"""What the chat says and takes about messages."""

import uuid

import msgspec

from chat.events.previews import LinkPreview
from files.events import FileCard
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
        members: The first 100 of those who chose it, by id.
    """

    emoji: str
    total: int
    members: list[int]


class Mentioned(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a message names.

    Attributes:
        kind: ``member``, ``organisation`` or ``here``, which is everybody in the channel.
        id: Of the member or the organisation; 0 for ``here``.
        name: What they are called now; empty for ``here``.
    """

    kind: str
    id: int
    name: str


class Replies(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the thread under a message.

    Attributes:
        people: Up to three of those who replied last, the newest first.
        last_at: ISO 8601, UTC.
    """

    total: int
    last_at: str
    people: list[Author]


class Forwarded(msgspec.Struct, frozen=True, kw_only=True):
    """What a message passes on, as it was said when it was forwarded.

    Attributes:
        author: Null where the account was erased.
        channel: Where it was said; null unless every member may read there.
        room: What that channel was called then; empty unless every member may read there.
        message: The id of what was forwarded; null unless every member may read it.
        html: Its text rendered and cleaned.
        said_at: ISO 8601, UTC.
    """

    author: Author | None
    channel: int | None
    room: str
    message: int | None
    html: str
    said_at: str


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
        mentions: Whom it names.
        thread: The message under which it stands in a thread; null in the channel itself.
        replies: What stands in the thread under it; null without a thread.
        pinned: Whether it was pinned to the channel.
        forwarded: What it passes on; its own text may then be empty.
        previews: What pages that it links to say of themselves.
        files: What it shows, up to ten; its text may then be empty.
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
    mentions: list[Mentioned]
    thread: int | None
    replies: Replies | None
    pinned: bool
    forwarded: Forwarded | None
    previews: list[LinkPreview]
    files: list[FileCard]


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


class ThreadChanged(EventData, frozen=True, kw_only=True):
    """What stands in the thread under a message after a reply came or went.

    Attributes:
        id: The message under which the thread stands.
        replies: Null once all replies were deleted.
    """

    id: int
    replies: Replies | None


class MessagePinned(EventData, frozen=True, kw_only=True):
    """Whether a message is pinned to the channel."""

    id: int
    pinned: bool


class PostMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A new message: Markdown of 1 to 10,000 characters.

    Attributes:
        reply_to: The message that it answers.
        thread: The message under which it is to stand, in a thread.
        files: Uploads of one's own that are ready, up to ten; the text may then be empty.
    """

    text: str
    reply_to: int | None = None
    thread: int | None = None
    files: list[uuid.UUID] = msgspec.field(default_factory=list)


class EditMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The new text of one's own message.

    Attributes:
        alts: By file, what its pictures show; those that are left out stay as they are.
    """

    id: int
    text: str
    alts: dict[str, str] = msgspec.field(default_factory=dict)


class DeleteMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Take back one's own message, or as a moderator any."""

    id: int


class React(msgspec.Struct, frozen=True, kw_only=True):
    """Put an emoji on a message or take it off."""

    id: int
    emoji: str
    on: bool = True


class PinMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Pin a message to the channel or take it off."""

    id: int
    on: bool = True


class ForwardMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Pass on a message, also of another channel, perhaps with a text of one's own.

    Attributes:
        channel: Where it was said.
        id: The message.
        text: Markdown of up to 10,000 characters; may be empty.
    """

    channel: int
    id: int
    text: str = ""
