"""What the chat says and takes about looking after a channel: roles, the archive, links."""

import msgspec

from live.registry import EventData
from members.events import Card


class RoleChanged(EventData, frozen=True, kw_only=True):
    """Somebody has another role in the channel now.

    Attributes:
        role: ``owner``, ``moderator``, ``member`` or ``reader``, who reads only.
    """

    member: Card
    role: str


class ChangeRole(msgspec.Struct, frozen=True, kw_only=True):
    """Whose role is to be another: ``owner``, ``moderator``, ``member`` or ``reader``."""

    member: int
    role: str


class ArchiveChannel(msgspec.Struct, frozen=True, kw_only=True):
    """Close the channel for new messages, or (``on: false``) open it again."""

    on: bool = True


class MakeLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that lets members in as ``member`` or ``reader`` for 1 to 90 days."""

    role: str = "member"
    days: int = 14


class RevokeLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that is to let nobody in any more."""

    id: int


class EnterByLink(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at the end of a link's address."""

    token: str
