"""What the chat says and takes about a member's own order: favourites, sections, what is muted."""

import msgspec

from live.registry import EventData


class SectionState(msgspec.Struct, frozen=True, kw_only=True):
    """A part of one's own list of channels."""

    id: int
    name: str


class ChannelPlaced(EventData, frozen=True, kw_only=True):
    """To oneself: how one has a channel now.

    Attributes:
        is_muted: It counts for nothing and stands back.
        level: What notifies: ``all``, ``mentions`` or ``nothing``.
        section: The id of one's own section; null for none.
        position: The place in it, the least first; then by name.
    """

    channel: int
    is_favourite: bool
    is_muted: bool
    level: str
    section: int | None
    position: int


class SectionsChanged(EventData, frozen=True, kw_only=True):
    """To oneself: all one's sections in their order."""

    sections: list[SectionState]


class PlaceChannel(msgspec.Struct, frozen=True, kw_only=True):
    """How one wants to have a channel; what is null stays, section 0 is none."""

    is_favourite: bool | None = None
    is_muted: bool | None = None
    level: str | None = None
    section: int | None = None
    position: int | None = None


class SaveSection(msgspec.Struct, frozen=True, kw_only=True):
    """A section of one's own: a new one, or (``id``) another name or position for one.

    Attributes:
        name: 1 to 60 characters.
        position: Its place among the others, from 0.
    """

    name: str
    id: int | None = None
    position: int | None = None


class DropSection(msgspec.Struct, frozen=True, kw_only=True):
    """A section that is to go; its channels stand where they stood without it."""

    id: int


class ReadChannels(msgspec.Struct, frozen=True, kw_only=True):
    """Everything up to those places is read: by channel, up to 500."""

    seqs: dict[str, int]
