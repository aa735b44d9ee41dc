"""What can be reported: apps above register their kinds here, from their ``apps.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from base.errors import NotFound
from live.problems import BIGINT
from members.models import Member


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something as it is at the moment of its report.

    Attributes:
        author: Who made it, None where nobody is left.
        address: Path of the page where it stands.
        summary: What a list shows of it, a few plain words.
        context: What is kept for the moderators: JSON values, ``before`` and ``after`` lists of
            ``{author, at, text}`` around ``it``, which is one of them.
    """

    author: Member | None
    address: str
    summary: str
    context: dict[str, Any]


Look = Callable[[Member, int], Evidence]
_kinds: dict[str, Look] = {}


def register_reportable(kind: str, look: Look) -> None:
    """Let members report things of this kind.

    ``look`` takes the reporter and an id, and raises :class:`base.errors.NotFound` where the
    reporter may not see it, so that nobody learns of hidden things by reporting them.
    """
    if kind in _kinds:
        message = f"{kind} is registered twice"
        raise ValueError(message)
    _kinds[kind] = look


def evidence_of(actor: Member, kind: str, object_id: int) -> Evidence:
    """The thing as the reporter sees it now.

    Raises:
        NotFound: no such kind or thing for this actor.
    """
    look = _kinds.get(kind)
    if look is None or not 0 < object_id <= BIGINT:
        raise NotFound
    return look(actor, object_id)
