"""What the chat says and takes about the language of a message."""

import msgspec

from live.registry import EventData


class MarkMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Say which language one's own message is in, by its BCP 47 tag."""

    id: int
    language: str


class MessageMarked(EventData, frozen=True, kw_only=True):
    """The language of a message, after its author said which it is."""

    id: int
    language: str
