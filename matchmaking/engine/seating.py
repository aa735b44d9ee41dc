"""Greedy groups and their improvement by exchange, for rounds that cannot wait.

Invariant: whatever is returned keeps the hard rules (``Floor.fits`` between any two of a group and
one language for all of it); every loop has a bound.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.covering import FREE

Groups = list[list[int]]
STEPS = 60
PRIORITY = 1_000.0
GAIN = 1e-9
FULL = 4
LEAST = 3


@dataclass(frozen=True)
class Floor:
    """Who is there, as rows in ascending order of id.

    Attributes:
        ids: Of the people.
        size: Wanted of a group: 2, 3 or 4.
        is_abroad: Between people of different countries.
        is_understood: Between people with a common language.
        is_new: Between people who have not met.
        may: Between people who are not to be kept apart, and not oneself.
        speaks: Person by language, 0 or 1.
        mutual: Mutual fit, symmetric, between 0 and 1.
        waited: Rounds in which each waited.
    """

    ids: list[int]
    size: int
    is_abroad: NDArray[np.bool_]
    is_understood: NDArray[np.bool_]
    is_new: NDArray[np.bool_]
    may: NDArray[np.bool_]
    speaks: NDArray[np.float32]
    mutual: NDArray[np.float64]
    waited: NDArray[np.int64]

    @cached_property
    def fits(self) -> NDArray[np.bool_]:
        """Between people who may sit together, as far as two alone are concerned."""
        return self.is_abroad & self.is_understood & self.is_new & self.may

    def part(self, rows: list[int]) -> "Floor":
        """Some of the people alone, given in ascending order."""
        both = np.ix_(rows, rows)
        return Floor(
            ids=[self.ids[row] for row in rows],
            size=self.size,
            is_abroad=self.is_abroad[both],
            is_understood=self.is_understood[both],
            is_new=self.is_new[both],
            may=self.may[both],
            speaks=self.speaks[rows],
            mutual=self.mutual[both],
            waited=self.waited[rows],
        )

    def joinable(self, group: list[int]) -> NDArray[np.bool_]:
        """By person, whether the group may take them in; its members may not."""
        common = self.speaks[group].min(axis=0)
        joinable: NDArray[np.bool_] = self.fits[group].all(axis=0) & (self.speaks @ common > 0)
        return joinable


def greedy_pairs(floor: Floor) -> list[int]:
    """Mates by row, ``FREE`` without one: who waited first, then the best fit first."""
    first, second = np.nonzero(np.triu(floor.fits))
    turns = floor.waited[first] + floor.waited[second]
    order = np.lexsort((second, first, -floor.mutual[first, second], -turns))
    mates = [FREE] * len(floor.ids)
    for one, other in zip(first[order].tolist(), second[order].tolist(), strict=True):
        if mates[one] == FREE and mates[other] == FREE:
            mates[one], mates[other] = other, one
    return mates


def fill(floor: Floor, groups: Groups, *, most: int) -> None:
    """Seat who has no seat yet: in new groups, then on free seats, then with one of a four.

    Args:
        floor: Who is there.
        groups: Those that exist; they are added to, and lose nobody but to a new group of
            those who would wait otherwise.
        most: Seats that a group may have at most.
    """
    is_free = np.ones(len(floor.ids), dtype=bool)
    for group in groups:
        is_free[group] = False
    _join(floor, groups, is_free, most=most, only_small=True)
    for size in _sizes(floor.size, int(is_free.sum())):
        _open(floor, groups, is_free, size)
    while _open(floor, groups, is_free, min(floor.size, LEAST)):
        pass
    _join(floor, groups, is_free, most=most, only_small=False)
    if floor.size > 2:  # noqa: PLR2004 - pairs
        _regroup(floor, groups, is_free)
        _join(floor, groups, is_free, most=most, only_small=False)


def _sizes(size: int, people: int) -> list[int]:
    """Of the groups to open, so that as few as possible are left over."""
    if size == 2:  # noqa: PLR2004 - pairs
        return [2] * (people // 2)
    # people = 4 a + 3 b, with as many groups of the wanted size as there can be.
    mixes = [
        (a, (people - 4 * a) // 3) for a in range(people // 4 + 1) if (people - 4 * a) % 3 == 0
    ]
    if not mixes:
        return [FULL] * (people // FULL)
    fours, threes = max(mixes) if size == FULL else min(mixes)
    return [FULL] * fours + [LEAST] * threes


def _turn(floor: Floor, is_free: NDArray[np.bool_]) -> list[int]:
    """Who is free, in the order in which they are served: by waiting, fewest options, id."""
    options = (floor.fits & is_free).sum(axis=1)
    rows = np.flatnonzero(is_free)
    order: list[int] = rows[np.lexsort((rows, options[rows], -floor.waited[rows]))].tolist()
    return order


def _open(floor: Floor, groups: Groups, is_free: NDArray[np.bool_], size: int) -> bool:
    """Open a group of that size, or of at least three where four cannot be had."""
    for seed in _turn(floor, is_free):
        group = _grown(floor, seed, is_free, size)
        if len(group) >= min(size, LEAST):
            groups.append(group)
            is_free[group] = False
            return True
    return False


def _grown(floor: Floor, seed: int, is_open: NDArray[np.bool_], size: int) -> list[int]:
    group = [seed]
    while len(group) < size:
        joinable = floor.joinable(group) & is_open
        if not joinable.any():
            break
        worth = floor.mutual[group].sum(axis=0) + PRIORITY * floor.waited
        group.append(int(np.argmax(np.where(joinable, worth, -np.inf))))
    return group


def _join(
    floor: Floor, groups: Groups, is_free: NDArray[np.bool_], *, most: int, only_small: bool
) -> None:
    """Give free seats to who is free; ``only_small`` those of groups below the wanted size."""
    limit = min(floor.size, most) if only_small else most
    for row in _turn(floor, is_free):
        best: list[int] | None = None
        worth = -1.0
        for group in groups:
            if len(group) < limit and floor.joinable(group)[row]:
                mean = float(floor.mutual[row, group].mean())
                if mean > worth:
                    best, worth = group, mean
        if best is not None:
            best.append(row)
            is_free[row] = False


def _regroup(floor: Floor, groups: Groups, is_free: NDArray[np.bool_]) -> None:
    """Open groups of three around who is free, with one each of groups of four."""
    for seed in _turn(floor, is_free):
        if not is_free[seed]:
            continue
        is_open = is_free.copy()
        fours = [group for group in groups if len(group) == FULL]
        for four in fours:
            is_open[four] = True
        group = [seed]
        while len(group) < LEAST:
            joinable = floor.joinable(group) & is_open
            if not joinable.any():
                break
            worth = floor.mutual[group].sum(axis=0) + PRIORITY * (is_free + floor.waited)
            chosen = int(np.argmax(np.where(joinable, worth, -np.inf)))
            group.append(chosen)
            for four in fours:
                if chosen in four:
                    is_open[four] = False
        if len(group) == LEAST:
            for four in fours:
                four[:] = [row for row in four if row not in group]
            groups.append(group)
            is_free[group] = False


def exchanged(floor: Floor, groups: Groups) -> Groups:
    """The groups after exchanges of two people each, those who wait among them.

    An exchange is made where it seats somebody who waited more, or improves the sum of fit
    without seating somebody who waited less. At most 60 steps, of exchanges in different groups.
    """
    groups = [list(group) for group in groups]
    if not groups:
        return groups
    for _ in range(STEPS):
        gains = _gains(floor, groups)
        rows, columns = np.nonzero(np.triu(gains > GAIN))
        if not len(rows):
            break
        order = np.lexsort((columns, rows, -gains[rows, columns]))
        _exchange(floor, groups, rows[order].tolist(), columns[order].tolist())
    return groups


def _exchange(floor: Floor, groups: Groups, rows: list[int], columns: list[int]) -> None:
    place = {row: number for number, group in enumerate(groups) for row in group}
    touched: set[int] = set()
    for one, other in zip(rows, columns, strict=True):
        # Two people who wait are one group each, which no exchange connects.
        first, second = place.get(one, -1 - one), place.get(other, -1 - other)
        if first in touched or second in touched:
            continue
        touched |= {first, second}
        for number, leaves, comes in ((first, one, other), (second, other, one)):
            if number >= 0:
                group = groups[number]
                group[group.index(leaves)] = comes


def _gains(floor: Floor, groups: Groups) -> NDArray[np.float64]:
    """What it is worth that two people change places, by rows; -inf where they may not."""
    count = len(floor.ids)
    waits = len(groups)
    place = np.full(count, waits)
    others = np.zeros((count, floor.speaks.shape[1]), dtype=np.float32)
    sums = np.zeros((count, waits + 1))
    clashes = np.zeros((count, waits + 1))
    apart = ~floor.fits
    for number, group in enumerate(groups):
        place[group] = number
        sums[:, number] = floor.mutual[:, group].sum(axis=1)
        clashes[:, number] = apart[:, group].sum(axis=1)
        for row in group:
            # What all the others of the group speak.
            others[row] = floor.speaks[[one for one in group if one != row]].min(axis=0)
    is_waiting = place == waits
    others[is_waiting] = 1
    own = sums[np.arange(count), place]
    # Into the place of each: the fit with those who stay there, and whether all of them fit.
    into = sums[:, place] - np.where(is_waiting[None, :], 0.0, floor.mutual)
    stays = np.where(is_waiting, 0.0, own - np.diagonal(floor.mutual))
    clash = clashes[:, place] - np.where(is_waiting[None, :], 0, apart)
    is_possible = (clash == 0) & ((floor.speaks @ others.T > 0) | is_waiting[None, :])
    turns = floor.waited.astype(np.float64)
    # A seat moves from one to the other where just one of them waits.
    seat = is_waiting[:, None].astype(np.float64) - is_waiting[None, :]
    fairness = PRIORITY * seat * (turns[:, None] - turns[None, :])
    worth = into + into.T - stays[:, None] - stays[None, :] + fairness
    is_possible = is_possible & is_possible.T & (place[:, None] != place[None, :])
    return np.where(is_possible, worth, -np.inf)
