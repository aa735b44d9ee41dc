"""What moderation says and takes on the wire, all of it on ``member:<id>``."""

import msgspec

from live.registry import EventData
from members.events import Card


class MemberBlocked(EventData, frozen=True, kw_only=True):
    """To oneself: a member whom one blocks now."""

    member: Card


class MemberUnblocked(EventData, frozen=True, kw_only=True):
    """To oneself: a member whom one blocks no more."""

    id: int


class ReportFiled(EventData, frozen=True, kw_only=True):
    """To oneself: a report that the moderators have now.

    Attributes:
        kind: What was reported, e.g. ``message``; ``object`` is its id.
        at: ISO 8601, UTC.
    """

    id: int
    kind: str
    object: int
    reason: str
    at: str


class BlockMember(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to block, or to block no more."""

    member: int


class ReportContent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the moderators should look at.

    Attributes:
        kind: What it is, e.g. ``message``.
        reason: ``harassment``, ``hate``, ``spam``, ``private``, ``illegal`` or ``other``.
        note: Up to 2,000 characters.
    """

    kind: str
    object: int
    reason: str
    note: str = ""
