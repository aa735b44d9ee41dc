"""What the chat says and takes about previews of links."""

import msgspec

from live.registry import EventData


class LinkPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a page that a message links to says of itself.

    Attributes:
        url: As the message has it.
        title: Plain text, as all of it; not empty.
        description: May be empty.
        site: What the site calls itself, else its host.
        picture: Path of its picture, drawn anew and kept here; null without one.
        width: Of the picture, in pixels; null without one.
    """

    id: int
    url: str
    title: str
    description: str
    site: str
    picture: str | None
    width: int | None
    height: int | None


class MessagePreviewed(EventData, frozen=True, kw_only=True):
    """All previews of a message, after one came or went."""

    id: int
    previews: list[LinkPreview]


class RemovePreview(msgspec.Struct, frozen=True, kw_only=True):
    """Take a preview off one's own message, or as a moderator off any; the link stays."""

    id: int
    preview: int
