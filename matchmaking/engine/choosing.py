"""The best rows for one who asks, and the places kept for those who else were never seen.

Invariants: the order is by score, highest first, then by id; nobody without anything that speaks
for it is chosen; a kept place goes to the best of those it is kept for.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.asking import ROUGHNESS, Question
from matchmaking.engine.columns import Columns, Floats, Rough
from matchmaking.engine.profiles import Profile
from matchmaking.engine.weights import Settings

SOME: Final = 4096
"""Rows that are scored first; the best of them set a mark for the others."""

STRETCH: Final = 65_536
"""Rows that are scored together after these: their columns fit the processor's cache."""

_NEARLY: Final = 0.9
"""Whoever has this part of the last score is remembered: most kept places go to one of these."""

_NEARER: Final = 0.7
"""The part of it down to which others are looked for before all are looked at."""

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
    """The best of what was offered so far, as far as five digits tell, and those close to them."""

    def __init__(
        self, question: Question, most: int, *, part: float = 1.0, least: float = 0.0
    ) -> None:
        """Look for so many and those who have this part of what the last has, `least` at least."""
        self._question, self._most, self._part, self._least = question, most, part, least
        self._rows: NDArray[np.intp] = np.zeros(0, np.intp)
        self._near: Floats = np.zeros(0)

    @property
    def sure(self) -> float:
        """All of those offered that have this score are remembered."""
        return self._part * self._least

    @property
    def floor(self) -> float:
        """What the sum of the large terms must be to be worth an offer."""
        return self.sure - self._question.reach - 3 * ROUGHNESS

    def offer(self, rows: NDArray[np.intp], rough: Rough) -> None:
        """Look at rows, given the sums of their large terms."""
        rows, near = self._question.near(rows, rough)
        self._rows = np.concatenate([self._rows, rows])
        self._near = np.concatenate([self._near, near])
        if len(self._rows) > self._most:
            last = np.partition(self._near, -self._most)[-self._most]
            self._least = max(self._least, float(last))
        among = self._near >= self.sure - 2 * ROUGHNESS
        self._rows, self._near = self._rows[among], self._near[among]

    def ranked(self, ids: NDArray[np.int64]) -> dict[int, float]:
        """Return the exact scores of those remembered by row, the best first."""
        scores = self._question.scores(self._rows)
        order = np.lexsort((ids[self._rows], -scores))
        best = zip(self._rows[order].tolist(), scores[order].tolist(), strict=True)
        return {row: score for row, score in best if score > 0}


@dataclass(frozen=True)
class _Found:
    """What is known once all rows were looked at.

    Attributes:
        rough: The sums of their large terms.
        ranked: Exact scores by row, the best first: all that are `sure` or more.
        sure: A score.
    """

    rough: Rough
    ranked: dict[int, float]
    sure: float


def chosen(question: Question, columns: Columns, settings: Settings, most: int) -> list[Suggestion]:
    """Return the best `most` for a question, kept places included, ordered by score."""
    if most <= 0 or question.is_vain:
        return []
    found = _searched(question, columns, most)
    taken = dict(islice(found.ranked.items(), most))
    kept: dict[int, str] = {}
    if len(taken) == most:
        for group in _groups(question, columns, settings, most):
            _keep(question, columns, found, group, taken, kept)
    order = sorted(taken, key=lambda row: (-taken[row], int(columns.ids[row])))
    return [Suggestion(int(columns.ids[row]), taken[row], kept.get(row, "")) for row in order]


def _searched(question: Question, columns: Columns, most: int) -> _Found:
    rough = np.empty(columns.used, np.float32)
    best = _Best(question, most, part=_NEARLY)
    ends = [min(SOME, columns.used), *range(SOME + STRETCH, columns.used, STRETCH), columns.used]
    for start, end in pairwise((0, *ends)):
        part = rough[start:end]
        part[:] = question.rough(slice(start, end))
        within = np.flatnonzero(part >= best.floor)
        best.offer(within + start, part.take(within))
    return _Found(rough, best.ranked(columns.ids), best.sure)


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
        every = columns.smallest(shares)
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


def _open_to(profile: Profile, crowd: Counter[str]) -> Counter[str]:
    """The crowd of the countries that one may be suggested."""
    away = {profile.country, *profile.excluded}
    named = profile.wanted or crowd.keys()
    return Counter({code: crowd[code] for code in named if code not in away})


def _keep(
    question: Question,
    columns: Columns,
    found: _Found,
    group: _Group,
    taken: dict[int, float],
    kept: dict[int, str],
) -> None:
    """Give the last places of those not sheltered to the best of a group that has too few.

    They are given only to those who fit well enough beside whoever makes room.
    """
    listed = np.array(sorted(taken, key=lambda row: (taken[row], -int(columns.ids[row]))), np.intp)
    inside = group.inside(listed)
    missing = group.least - int(inside.sum())
    if missing <= 0:
        return
    here = set(listed[inside].tolist())
    last = taken[int(listed[0])]
    leaving = [row for row in listed[~group.sheltered(listed)].tolist() if row not in kept]
    for sure, ranked in _members(question, columns, found, group, missing + len(here), last):
        coming = [(row, score) for row, score in ranked.items() if row not in here][:missing]
        if len(coming) == missing and coming[-1][1] >= sure:
            break
    for (row, score), gone in zip(coming, leaving, strict=False):
        if score < group.fit * taken[gone]:
            break
        del taken[gone]
        taken[row] = score
        kept[row] = group.place


def _members(
    question: Question, columns: Columns, found: _Found, group: _Group, most: int, last: float
) -> Iterator[tuple[float, dict[int, float]]]:
    """Yield a score, and the best of a group by row: all of them who have it; then a lower one.

    Whoever fits less than the group's part of the last gets no place, so that is the end.
    """
    rows = np.array(list(found.ranked), np.intp)
    known = rows[group.inside(rows)].tolist()
    yield found.sure, {row: found.ranked[row] for row in known}
    for part in sorted({_NEARER, group.fit}, reverse=True):
        if group.fit <= part and part * last < found.sure:
            best = _Best(question, most, least=part * last)
            rows = np.flatnonzero(found.rough >= best.floor)
            rows = rows[group.inside(rows)]
            best.offer(rows, found.rough.take(rows))
            yield part * last, best.ranked(columns.ids)
