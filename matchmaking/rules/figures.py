"""Figures for organisers: what may be shown of small numbers, and how shares are counted.

Invariants: no shown number lies between 1 and 4, and none can be had by taking the others from the
total: where one number of a whole is kept back, the next smallest is as well.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LEAST: Final = 5
"""Numbers below this are not shown, but for none."""


@dataclass(frozen=True)
class Group:
    """One group of organisations: how many there are and how often they were suggested.

    Attributes:
        codes: What it is made of; several where each alone is too small.
    """

    codes: tuple[str, ...]
    candidates: int
    places: int


def guarded(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the parts of a whole as they may be shown, None for those that are kept back."""
    hidden = {name for name, count in counts.items() if 0 < count < LEAST}
    if len(hidden) == 1:
        others = [(count, name) for name, count in counts.items() if count and name not in hidden]
        hidden |= {name for _count, name in sorted(others)[:1]}
    return {name: None if name in hidden else count for name, count in counts.items()}


def grouped(candidates: Mapping[str, int], places: Mapping[str, int]) -> list[Group]:
    """Return groups that may be shown, the largest first: each has five candidates at least.

    Smaller ones are put together; where those are still too few, with the next smallest. One group
    of all that are too small says nothing, so there is none then.
    """
    codes = sorted(candidates, key=lambda code: (-candidates[code], code))
    shown = [code for code in codes if candidates[code] >= LEAST]
    rest = [code for code in codes if candidates[code] < LEAST]
    while rest and sum(candidates[code] for code in rest) < LEAST and shown:
        rest.insert(0, shown.pop())
    found = [Group((code,), candidates[code], places.get(code, 0)) for code in shown]
    if sum(candidates[code] for code in rest) >= LEAST and (found or len(rest) == 1):
        total = sum(places.get(code, 0) for code in rest)
        found.append(Group(tuple(rest), sum(candidates[code] for code in rest), total))
    return found


def share_0_1(part: int, whole: int) -> float | None:
    """Return a part of a whole, None where the whole is too small to say."""
    return part / whole if whole >= LEAST else None


def quartiles(values: Iterable[float]) -> tuple[float, float, float] | None:
    """Return the quarter, half and three quarter points, None for fewer than five values.

    Each is the value at that place or the one before (nearest rank).
    """
    ordered = sorted(values)
    if len(ordered) < LEAST:
        return None
    last = len(ordered) - 1
    first, second, third = (ordered[round(last * part)] for part in (0.25, 0.5, 0.75))
    return first, second, third


def counted(items: Iterable[Sequence[str]], name: Callable[[str], str]) -> dict[str, int]:
    """Return how many of the items have each code, by its name; one item may have several."""
    found: dict[str, int] = {}
    for codes in items:
        for code in {name(each) for each in codes}:
            found[code] = found.get(code, 0) + 1
    return found
