"""What the chat says and takes about drafts and messages that wait for their time."""

from datetime import datetime
from typing import Annotated

import msgspec

from live.registry import EventData

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""ISO 8601 with an offset."""


class DraftSaved(EventData, frozen=True, kw_only=True):
    """To oneself: what one began to write.

    Attributes:
        channel: The channel's id.
        thread: The message under whose thread it is to stand; null in the channel itself.
        reply_to: The message that it answers.
        saved_at: ISO 8601, UTC.
    """

    channel: int
    thread: int | None
    text: str
    reply_to: int | None
    saved_at: str


class DraftDropped(EventData, frozen=True, kw_only=True):
    """To oneself: nothing is left of what one began to write there."""

    channel: int
    thread: int | None


class SaveDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What one began to write, up to 20,000 characters; the empty text drops the draft."""

    channel: int
    thread: int | None = None
    text: str
    reply_to: int | None = None


class ScheduledSaved(EventData, frozen=True, kw_only=True):
    """To oneself: a message that waits for its time, as it is now.

    Attributes:
        at: When it is said; ISO 8601, UTC.
        state: ``waiting``, or ``failed`` for one that could not be said.
        code: Why it failed; empty while it waits.
    """

    id: int
    channel: int
    thread: int | None
    reply_to: int | None
    text: str
    at: str
    state: str
    code: str


class ScheduledDropped(EventData, frozen=True, kw_only=True):
    """To oneself: a message waits no more; it was said or called off."""

    id: int


class ScheduleMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message for later: as ``message.post``, at a time within a year."""

    text: str
    at: Moment
    reply_to: int | None = None
    thread: int | None = None


class EditScheduled(msgspec.Struct, frozen=True, kw_only=True):
    """Another text and time for a message that waits."""

    id: int
    text: str
    at: Moment


class CancelScheduled(msgspec.Struct, frozen=True, kw_only=True):
    """Call off a message that waits."""

    id: int
