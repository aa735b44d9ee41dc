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


class ChooseLanguages(msgspec.Struct, frozen=True, kw_only=True):
    """Which languages one reads, and what becomes of messages in others.

    Attributes:
        reads: BCP 47 tags, up to 20; empty stands for those of one's profile.
        others: ``show``, ``fold`` (a click shows the text) or ``hide``.
    """

    reads: list[str]
    others: str


class LanguagesChosen(EventData, frozen=True, kw_only=True):
    """To oneself: the languages that one reads, and what becomes of messages in others.

    Attributes:
        reads: BCP 47; empty while it is the profile's languages.
        others: `show`, `fold` or `hide`.
    """

    reads: list[str]
    others: str
