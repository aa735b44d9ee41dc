"""The best rows for one who asks, and the places kept for those who else were never seen.

Invariants: the order is by score, highest first, then by id; nobody without anything that speaks
for it is chosen; a kept place goes to the best of those it is kept for.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.asking import Question
from matchmaking.engine.columns import Columns, Floats
from matchmaking.engine.profiles import Profile
from matchmaking.engine.weights import Settings

STRETCH: Final = 32_768
"""Rows that are scored together: their columns fit the processor's cache."""

_SLACK: Final = 1e-9
_NOBODY: Final = -1e300
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

    def offer(self, rows: NDArray[np.intp], broad: Floats) -> None:
        """Look at rows of which the large terms are known."""
        within = self._reaching(broad)
        rows, broad = rows[within], broad[within]
        if len(rows) > 4 * self._most and len(self.rows) < self._most:
            # Those ahead by the large terms set the mark that the others must be able to reach.
            split = np.argpartition(broad, -self._most)
            ahead, behind = split[-self._most :], split[: -self._most]
            self._take(rows[ahead], broad[ahead])
            behind = behind[self._reaching(broad[behind])]
            rows, broad = rows[behind], broad[behind]
        if len(rows):
            self._take(rows, broad)

    def _reaching(self, broad: Floats) -> NDArray[np.intp]:
        """Places of those that may still come among the best."""
        floor = max(self.least - self._question.headroom - _SLACK, _NOBODY)
        return np.flatnonzero(broad >= floor)

    def _take(self, rows: NDArray[np.intp], broad: Floats) -> None:
        scores = self._question.fine(rows, broad)
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
    broad = np.empty(columns.used)
    best = _Best(question, columns.ids, most)
    for start in range(0, columns.used, STRETCH):
        part = slice(start, min(start + STRETCH, columns.used))
        broad[part] = question.broad(part)
        best.offer(np.arange(part.start, part.stop), broad[part])
    taken = dict(zip(best.rows.tolist(), best.scores.tolist(), strict=True))
    kept: dict[int, str] = {}
    if len(taken) == most:
        for group in _groups(question, columns, settings, most):
            _keep(question, columns, broad, group, taken, kept)
    order = sorted(taken, key=lambda row: (-taken[row], int(columns.ids[row])))
    return [Suggestion(int(columns.ids[row]), taken[row], kept.get(row, "")) for row in order]


@dataclass(frozen=True)
class _Group:
    """Rows that so many places are kept for.

    Attributes:
        place: What such a place is called.
        least: How many places.
        fit: They are given only for this part of the score of whoever makes room.
        rows: All of them.
        sheltered: Rows that do not make room for them.
    """

    place: str
    least: int
    fit: float
    rows: NDArray[np.bool_]
    sheltered: NDArray[np.bool_]


def _groups(
    question: Question, columns: Columns, settings: Settings, most: int
) -> Iterator[_Group]:
    """Groups for whom places are kept, the smallest first.

    Those of small countries lie within each other, so a place made by one who is in none of them
    leaves all earlier ones as they are.
    """
    profile = question.profile
    chance = (profile.id * _GOLDEN % 2**64) / 2**64
    country = columns.numbers["country"][: columns.used]
    small: NDArray[np.bool_] = np.zeros(columns.used, np.bool_)
    if settings.small_part:
        crowd = _open_to(profile, columns.crowd)
        total = sum(crowd.values())
        shares = [group.share for group in settings.small_groups]
        every = small_countries(columns.crowd, shares)
        for group, countries in zip(settings.small_groups, every, strict=True):
            here = sum(crowd[code] for code in countries)
            least = math.floor(settings.small_part * most * here / max(1, total) + chance)
            small = columns.among("country", countries)[country]
            if least:
                yield _Group("small", least, group.fit, small, small)
    least = math.floor(settings.newcomer_part * most + chance)
    if least:
        new = columns.joined[: columns.used] > question.moment - settings.newcomer_s
        yield _Group("newcomer", least, settings.newcomer_fit, new, new | small)


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
    broad: Floats,
    group: _Group,
    taken: dict[int, float],
    kept: dict[int, str],
) -> None:
    """Give the last places of those not sheltered to the best of a group that has too few.

    They are given only to those who fit well enough beside whoever makes room.
    """
    missing = group.least - sum(bool(group.rows[row]) for row in taken)
    if missing <= 0:
        return
    rows = np.flatnonzero(group.rows)
    rows = rows[~np.isin(rows, list(taken))]
    best = _Best(question, columns.ids, missing)
    best.offer(rows, broad[rows])
    order = sorted(taken, key=lambda row: (taken[row], -int(columns.ids[row])))
    leaving = [row for row in order if not group.sheltered[row] and row not in kept]
    for row, score, gone in zip(best.rows.tolist(), best.scores.tolist(), leaving, strict=False):
        if score < group.fit * taken[gone]:
            break
        del taken[gone]
        taken[row] = score
        kept[row] = group.place
