"""The best rows for one who asks, and the places kept for those who else were never seen.

Invariants: the order is by score, highest first, then by id; nobody without anything that speaks
for it is chosen; a kept place goes to the best of those it is kept for.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.asking import NOBODY, Question
from matchmaking.engine.columns import Columns, Floats, Rough
from matchmaking.engine.profiles import Profile
from matchmaking.engine.weights import Settings

STRETCH: Final = 65_536
"""Rows that are scored together: their columns fit the processor's cache."""

_SOME: Final = 2048
_LEAST: Final = NOBODY / 2
_GOLDEN: Final = 0x9E3779B97F4A7C15


@dataclass(frozen=True)
class Suggestion:
    """One whom one might meet.

    Attributes:
        id: Whose profile.
        score: Between 0 and the sum of the weights.
        place: Why it stands here: "" for its score, "small" or "newcomer" for a place kept for a
            small country or a newcomer.
    """

    id: int
    score: float
    place: str = ""


class _Best:
    """The best of what was offered so far."""

    def __init__(self, question: Question, ids: NDArray[np.int64], most: int) -> None:
        self._question, self._ids, self._most = question, ids, most
        self.rows: NDArray[np.intp] = np.zeros(0, np.intp)
        self.scores: Floats = np.zeros(0)
        self.least = 0.0

    def offer(self, rows: NDArray[np.intp], rough: Rough) -> None:
        """Look at rows whose scores are roughly known."""
        seeds = np.zeros(0, np.intp)
        if len(self.rows) < self._most < len(rows):
            # The best of a few set a mark that the others must be able to reach.
            some = np.flatnonzero(rough[:_SOME] >= self._floor)
            if len(some) > self._most:
                seeds = some[np.argpartition(rough[some], -self._most)[-self._most :]]
                self._take(rows[seeds])
        within = np.flatnonzero(rough >= self._floor)
        if len(seeds):
            within = within[~np.isin(within, seeds)]
        if len(within):
            self._take(rows[within])

    @property
    def _floor(self) -> float:
        """What those must roughly have who may still come among the best."""
        return max(self.least - self._question.headroom, _LEAST)

    def _take(self, rows: NDArray[np.intp]) -> None:
        scores = self._question.scores(rows)
        good = (scores > 0) & (scores >= self.least)
        rows = np.concatenate([self.rows, rows[good]])
        scores = np.concatenate([self.scores, scores[good]])
        order = np.lexsort((self._ids[rows], -scores))[: self._most]
        self.rows, self.scores = rows[order], scores[order]
        if len(order) == self._most:
            self.least = float(self.scores[-1])


def chosen(question: Question, columns: Columns, settings: Settings, most: int) -> list[Suggestion]:
    """Return the best `most` for a question, kept places included, ordered by score."""
    if most <= 0 or not columns.used:
        return []
    rough = np.empty(columns.used, np.float32)
    best = _Best(question, columns.ids, most)
    for start in range(0, columns.used, STRETCH):
        part = slice(start, min(start + STRETCH, columns.used))
        rough[part] = question.rough(part)
        best.offer(np.arange(part.start, part.stop), rough[part])
    taken = dict(zip(best.rows.tolist(), best.scores.tolist(), strict=True))
    kept: dict[int, str] = {}
    if len(taken) == most:
        for group in _groups(question, columns, settings, most):
            _keep(question, columns, rough, group, taken, kept)
    order = sorted(taken, key=lambda row: (-taken[row], int(columns.ids[row])))
    return [Suggestion(int(columns.ids[row]), taken[row], kept.get(row, "")) for row in order]


@dataclass(frozen=True)
class _Group:
    """Those that so many places are kept for.

    Attributes:
        place: What such a place is called.
        least: How many places.
        fit: They are given only for this part of the score of whoever makes room.
        inside: Tells which of some rows belong to it.
        sheltered: Tells which do not make room for them.
    """

    place: str
    least: int
    fit: float
    inside: Callable[[Any], NDArray[np.bool_]]
    sheltered: Callable[[Any], NDArray[np.bool_]]


def _groups(
    question: Question, columns: Columns, settings: Settings, most: int
) -> Iterator[_Group]:
    """Groups for whom places are kept, the smallest first.

    Those of small countries lie within each other, so a place made by one who is in none of them
    leaves all earlier ones as they are.
    """
    profile = question.profile
    chance = (profile.id * _GOLDEN % 2**64) / 2**64
    table = np.zeros(len(columns.codes["country"]), np.bool_)
    if settings.small_part:
        crowd = _open_to(profile, columns.crowd)
        total = sum(crowd.values())
        shares = [group.share for group in settings.small_groups]
        every = small_countries(columns.crowd, shares)
        for group, countries in zip(settings.small_groups, every, strict=True):
            here = sum(crowd[code] for code in countries)
            least = math.floor(settings.small_part * most * here / max(1, total) + chance)
            table = columns.among("country", countries)
            small = partial(_in_table, table, columns.numbers["country"])
            if least:
                yield _Group("small", least, group.fit, small, small)
    least = math.floor(settings.newcomer_part * most + chance)
    since = question.moment - settings.newcomer_s
    if least:

        def inside(rows: Any) -> NDArray[np.bool_]:
            new: NDArray[np.bool_] = columns.joined[rows] > since
            return new

        def sheltered(rows: Any) -> NDArray[np.bool_]:
            return inside(rows) | _in_table(table, columns.numbers["country"], rows)

        yield _Group("newcomer", least, settings.newcomer_fit, inside, sheltered)


def _in_table(
    table: NDArray[np.bool_], numbers: NDArray[np.uint16], rows: Any
) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = table[numbers[rows]]
    return found


def small_countries(crowd: Counter[str], shares: Iterable[float]) -> list[set[str]]:
    """Return the countries that from the smallest on hold at most these shares of a crowd.

    Args:
        crowd: Number of profiles of each country.
        shares: From the smallest.
    """
    order = sorted(crowd, key=lambda code: (crowd[code], code))
    total = sum(crowd.values())
    ends = list(accumulate(crowd[code] for code in order))
    return [set(order[: bisect_right(ends, share * total)]) for share in shares]


def _open_to(profile: Profile, crowd: Counter[str]) -> Counter[str]:
    """The crowd of the countries that one may be suggested."""
    away = {profile.country, *profile.excluded}
    named = profile.wanted or crowd.keys()
    return Counter({code: crowd[code] for code in named if code not in away})


def _keep(
    question: Question,
    columns: Columns,
    rough: Rough,
    group: _Group,
    taken: dict[int, float],
    kept: dict[int, str],
) -> None:
    """Give the last places of those not sheltered to the best of a group that has too few.

    They are given only to those who fit well enough beside whoever makes room.
    """
    listed = np.array(sorted(taken, key=lambda row: (taken[row], -int(columns.ids[row]))), np.intp)
    missing = group.least - int(group.inside(listed).sum())
    if missing <= 0:
        return
    here = listed[group.inside(listed)]
    last = taken[int(listed[0])]
    # Whoever fits less than that part of the last gets no place; look at all only if need be.
    for mark in (max(group.fit, 0.7) * last, group.fit * last):
        rows = np.flatnonzero(rough >= max(mark - question.headroom, _LEAST))
        rows = rows[group.inside(rows)]
        rows = rows[~np.isin(rows, here)]
        best = _Best(question, columns.ids, missing)
        best.offer(rows, rough[rows])
        if best.least >= mark or group.fit * last >= mark:
            break
    leaving = [row for row in listed[~group.sheltered(listed)].tolist() if row not in kept]
    for row, score, gone in zip(best.rows.tolist(), best.scores.tolist(), leaving, strict=False):
        if score < group.fit * taken[gone]:
            break
        del taken[gone]
        taken[row] = score
        kept[row] = group.place
