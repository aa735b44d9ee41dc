"""What the core's REST answers look like, and the one form of every error."""

import uuid
from typing import Any

import msgspec


class Ack(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a write that is committed.

    Attributes:
        topic: The topic whose log has it.
        seq: Its place there.
        id: The row that it made or changed.
        replayed: Only where the same key came before: this is the first answer again.
    """

    topic: str
    seq: int
    id: int | msgspec.UnsetType = msgspec.UNSET
    replayed: bool | msgspec.UnsetType = msgspec.UNSET


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why something was not done; nothing was written.

    Attributes:
        code: Dotted and stable, what programs look at.
        detail: A sentence for people, in the member's language.
        fields: Messages by field, where the input was wrong.
        retry_after_s: Seconds; only where the same call, with the same key, may succeed later.
    """

    code: str
    detail: str
    fields: dict[str, list[str]] | msgspec.UnsetType = msgspec.UNSET
    retry_after_s: float | msgspec.UnsetType = msgspec.UNSET


class Problem(Refused, frozen=True, kw_only=True):
    """A refused request, as RFC 9457 has it.

    Attributes:
        type: Always `about:blank`; `code` says what it is.
        title: The same sentence as `detail`.
        status: The HTTP status.
    """

    type: str
    title: str
    status: int


class CommandCall(msgspec.Struct, frozen=True, kw_only=True):
    """One command, as a socket would send it.

    Attributes:
        ref: A whole number of the caller's, echoed in the answer.
        cmd: Its name.
        topic: Where it is done; left out for a command without a topic.
        key: A UUID made once per write; the same key gives the same answer.
        data: What the command's schema says.
    """

    ref: int
    cmd: str
    topic: str = ""
    key: uuid.UUID
    data: dict[str, Any] = {}


class CommandReply(msgspec.Struct, frozen=True, kw_only=True):
    """What a command is answered: `ok` after the commit, or `error` with its HTTP status."""

    ref: int | None
    ok: Ack | msgspec.UnsetType = msgspec.UNSET
    error: Refused | msgspec.UnsetType = msgspec.UNSET


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A topic as it is.

    Attributes:
        epoch: Names the log; another one means that everything is to be read anew.
        seq: The log's last place, read before the rows: follow from here.
        can: The commands that the reader may use here.
        data: What the kind of topic shows.
    """

    epoch: uuid.UUID
    seq: int
    can: tuple[str, ...]
    data: dict[str, Any]


class LogEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a topic's log.

    Attributes:
        at: When it was committed: ISO 8601, UTC.
        by: The member who acted; null for the system and for anonymous writes.
        key: The write's key, towards its own sender only.
        data: What the event's schema says, as it is now; `{id, gone: true}` where it is gone.
    """

    topic: str
    seq: int
    event: str
    at: str
    by: int | None
    key: uuid.UUID | msgspec.UnsetType = msgspec.UNSET
    data: dict[str, Any]


class LogPage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a topic's log.

    Attributes:
        epoch: Names the log.
        seq: The log's last place.
        resync: The log cannot serve what was asked for: take the snapshot.
        events: In the order of their places, without a gap.
    """

    epoch: uuid.UUID
    seq: int
    resync: bool
    events: list[LogEvent]
