"""What the chat says and takes about how far one has read."""

import msgspec

from live.registry import EventData


class ChannelRead(EventData, frozen=True, kw_only=True):
    """To oneself: everything up to ``seq`` was read in a channel."""

    channel: int
    seq: int


class ReadChannel(msgspec.Struct, frozen=True, kw_only=True):
    """Everything up to ``seq`` is read; the marker moves forward alone."""

    seq: int
