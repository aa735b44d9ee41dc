"""What members are called and how they look changes: the apps above that show them are told."""

from collections.abc import Callable, Collection
from typing import Final

from members.events import ProfileChange

Retell = Callable[[Collection[int]], None]

_IN_SIGHT: Final = ("name", "organisation", "country", "audiences")
"""The fields of a profile that others see beside what a member says, or that hide them there."""

_when_changed: list[Retell] = []


def when_cards_change(retell: Retell) -> None:
    """Have an app above react to another card or another picture, inside the unit of the write.

    Args:
        retell: Takes the ids of those members; it puts its work off, so that the write stays as
            cheap as it is.
    """
    _when_changed.append(retell)


def is_in_sight(change: ProfileChange) -> bool:
    """Return whether a change names a field that others see beside what the member says."""
    return any(isinstance(getattr(change, name), str | dict) for name in _IN_SIGHT)


def retell_cards(member_ids: Collection[int]) -> None:
    """Tell the apps above that these members are called or look otherwise, inside a unit."""
    ids = sorted(set(member_ids))
    if ids:
        for retell in _when_changed:
            retell(ids)
