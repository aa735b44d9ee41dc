"""What apps register: the kinds of notices, and what one says.

Registered once, from ``apps.py``. A notice stores its kind and ids, never words: what it says is
read from the rows when it is shown, in the reader's language, and only if they may still see it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from members.events import Card
from notices.vocabulary import Way

if TYPE_CHECKING:
    from notices.models import Notice


@dataclass(frozen=True, slots=True)
class Facts:
    """What a notice is about as its reader may see it now; nothing here depends on language.

    Attributes:
        url: The path on this site that it leads to.
        actor: Who caused it; None for the system, or where the account was erased.
        place: Where it happened, e.g. the name of a room.
        excerpt: The beginning of what was said; in push messages only if the reader wants so.
        state: How the thing stands, in the kind's own words for programs.
        is_seen: The reader has seen the thing itself, so the notice counts as read.
    """

    url: str
    actor: Card | None = None
    place: str = ""
    excerpt: str = ""
    state: str = ""
    is_seen: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    Attributes:
        name: ``<app>.<what>``, lasting; at most 40 characters.
        label: How the settings call it.
        icon: Name of a Lucide icon.
        facts: Notices of this kind, of any readers, to what they show by position; None for
            what is gone or what its reader may not see. A constant number of queries.
        say: Facts of one notice, or of several of one group, newest first, to one sentence in
            the active language.
        defaults: The ways by which it comes until the member says otherwise.
        is_security: It comes by page and mail whatever the settings say.
    """

    name: str
    label: Promise
    icon: str
    facts: "Callable[[Sequence[Notice]], Sequence[Facts | None]]"
    say: Callable[[Sequence[Facts]], str]
    defaults: frozenset[Way] = frozenset({Way.PAGE})
    is_security: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice that is to be told.

    Attributes:
        member_id: Whom to tell.
        kind: Name of a registered kind.
        key: What makes it this notice and no other, e.g. ``message:4711``; at most 80
            characters. A member gets one notice of a kind per key, however often it is told.
        group: Notices of a kind that belong together, e.g. ``chat:17``; at most 80 characters.
        subject: Id of the row that it is about.
        at: When it happened.
        data: Further ids; never a person's words or name.
    """

    member_id: int
    kind: str
    key: str
    group: str
    subject: int
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Add a kind of notice; its name is used once."""
    if kind.name in _kinds:
        message = f"notice kind {kind.name} is registered twice"
        raise ValueError(message)
    _kinds[kind.name] = kind


def kinds() -> Mapping[str, Kind]:
    """All kinds by name, in the order of registration."""
    return _kinds
