"""Rounds planned ahead: the best groups among everybody's ten best edges, as an integer programme.

Maximum weight matching for pairs and set packing for groups, solved by HiGHS through
:func:`scipy.optimize.milp`. The groups that were found live are among the choices and bound the
programme from below, so the plan is never worse. Where the search does not end in time, they
stand: what is returned does not depend on how far a machine gets. Pairs of 200 people are solved
in a third of a second each round; groups of three or four of about 100 people in a few seconds.
Of more it does not end in minutes: their groups are made best a few at a time, each time with those
that share the best fit, which ends after a fixed number of steps; only there the clock may stop it.
"""

import time
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaking.engine.seating import LEAST, Floor, Groups

EDGES_OF_EACH = 10
GROUPS_OF_EACH = 4
MOST_AT_ONCE = 300
"""With more choices of three or four people each, one programme for all does not end in time."""

PEOPLE_AT_ONCE = 40
TURNS = 2
"""How often the groups of each are made best, at most."""

PROVEN = 0


def best_groups(floor: Floor, live: Groups, time_limit_s: float) -> tuple[Groups, bool]:
    """The best groups, and whether they are proven to be the best of the choices.

    Those who waited are seated as they were live, or better; then as many as possible are seated,
    then the sum of fit counts.

    Args:
        floor: Who is there.
        live: Groups that keep the rules.
        time_limit_s: How long the programme may take.
    """
    choices = _choices(floor, live)
    if not choices:
        return live, True
    if floor.size == 2 and len({_fit(floor, pair) for pair in choices}) == 1:  # noqa: PLR2004 - pairs
        # All fit alike, as people without profiles do: as many pairs as can be are the best.
        return live, True
    if floor.size > 2 and len(choices) > MOST_AT_ONCE:  # noqa: PLR2004 - pairs
        return _in_parts(floor, live, time_limit_s), False
    return _solved(floor, live, choices, time_limit_s)


def _in_parts(floor: Floor, groups: Groups, time_limit_s: float) -> Groups:
    """The groups, each made best together with those that are nearest to it."""
    ends = time.monotonic() + time_limit_s
    near = np.where(floor.fits, floor.mutual, 0.0)
    for _ in range(TURNS):
        before = _worth(floor, groups)
        worst = sorted(groups, key=lambda group: (_fit(floor, tuple(group)) / len(group), group))
        for seed in [group[0] for group in worst]:
            groups = _best_around(floor, near, groups, seed, ends)
            if time.monotonic() > ends:
                return groups
        if _worth(floor, groups) <= before:
            break
    return groups


def _best_around(
    floor: Floor, near: NDArray[np.float64], groups: Groups, seed: int, ends: float
) -> Groups:
    """The groups, with those nearest to somebody's and whoever waits made best among themselves."""
    own = next((group for group in groups if seed in group), [seed])

    def distance(group: list[int]) -> tuple[float, list[int]]:
        best_two = np.sort(near[np.ix_(own, group)], axis=None)[-2:]
        return (0.0 if group is own else 1 - float(best_two.sum()) / 2), group

    order = sorted(groups, key=distance)
    few, others = order[: PEOPLE_AT_ONCE // floor.size], order[PEOPLE_AT_ONCE // floor.size :]
    seated = {row for group in groups for row in group}
    waiting = [row for row in range(len(floor.ids)) if row not in seated]
    rows = sorted([*waiting[: floor.size], *(row for group in few for row in group)])
    part, place = floor.part(rows), {row: number for number, row in enumerate(rows)}
    live = [[place[row] for row in group] for group in few]
    found, _is_proven = _solved(part, live, _choices(part, live), max(0.1, ends - time.monotonic()))
    return [*others, *([rows[number] for number in group] for group in found)]


def _solved(
    floor: Floor, live: Groups, choices: list[tuple[int, ...]], time_limit_s: float
) -> tuple[Groups, bool]:
    # A third of a second at every start, for what few ask.
    from scipy.optimize import Bounds, LinearConstraint, milp

    people = np.concatenate([np.array(choice) for choice in choices])
    sizes = np.array([len(choice) for choice in choices])
    of = np.repeat(np.arange(len(choices)), sizes)
    sits = csr_array((np.ones(len(people)), (people, of)), shape=(len(floor.ids), len(choices)))
    fit = np.array([_fit(floor, choice) for choice in choices])
    live_seated = np.zeros(len(floor.ids))
    live_seated[[row for group in live for row in group]] = 1
    constraints = [LinearConstraint(sits, ub=1)]
    for turns in np.unique(floor.waited):
        # At each number of rounds waited, at least as many of those who waited so long sit; at the
        # lowest these are all.
        level = (floor.waited >= turns).astype(np.float64)
        constraints.append(LinearConstraint((level @ sits)[None, :], lb=level @ live_seated))
    worth = fit + _seat(floor) * sizes
    found = milp(
        -worth,
        constraints=constraints,
        integrality=np.ones(len(choices)),
        bounds=Bounds(0, 1),
        options={"time_limit": time_limit_s, "mip_rel_gap": 0},
    )
    if found.status != PROVEN:
        return live, False
    chosen = [list(choices[number]) for number in np.flatnonzero(found.x > 0.5)]  # noqa: PLR2004 - 0 or 1
    return (chosen if _worth(floor, chosen) > _worth(floor, live) else live), True


def _worth(floor: Floor, groups: Groups) -> float:
    return sum(_fit(floor, tuple(group)) + _seat(floor) * len(group) for group in groups)


def _seat(floor: Floor) -> float:
    """What a seat is worth: more than the fit of all, so that nobody waits for that of others."""
    return len(floor.ids) + 1.0


def _fit(floor: Floor, group: tuple[int, ...]) -> float:
    """The sum over a group of each one's mean fit with the others."""
    pairs = sum(floor.mutual[one, other] for one, other in combinations(group, 2))
    return 2 * float(pairs) / (len(group) - 1)


def _choices(floor: Floor, live: Groups) -> list[tuple[int, ...]]:
    """The live groups, and those that the ten best edges of each make."""
    near = _best_edges(floor)
    found: set[tuple[int, ...]]
    if floor.size == 2:  # noqa: PLR2004 - pairs
        found = {(int(one), int(other)) for one, other in np.argwhere(np.triu(near | near.T))}
    else:
        threes = _best_of_each(floor, _threes(floor, near))
        found = threes
        if floor.size > LEAST:
            found = threes | _best_of_each(floor, _fours(floor, near, threes))
    return sorted(found | {tuple(sorted(group)) for group in live})


def _best_of_each(floor: Floor, groups: set[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """Of groups of one size, those that are among the four best of one of their members."""
    taken = [0] * len(floor.ids)
    kept = set()
    for group in sorted(groups, key=lambda group: (-_fit(floor, group), group)):
        if any(taken[row] < GROUPS_OF_EACH for row in group):
            kept.add(group)
            for row in group:
                taken[row] += 1
    return kept


def _best_edges(floor: Floor) -> NDArray[np.bool_]:
    """By row, those with whom each one's ten best edges are."""
    near = np.zeros_like(floor.fits)
    for row in range(len(floor.ids)):
        options = np.flatnonzero(floor.fits[row])
        # Those who waited are among everybody's best, so that they are seated. Where all fit alike
        # everybody has others, beginning with the next.
        turns = (options - row) % len(floor.ids)
        keys = (turns, -floor.mutual[row, options], -floor.waited[options])
        near[row, options[np.lexsort(keys)][:EDGES_OF_EACH]] = True
    return near


def _threes(floor: Floor, near: NDArray[np.bool_]) -> set[tuple[int, ...]]:
    """Groups of three that fit, in which both others are near to one; at most 45 of each."""
    found: set[tuple[int, ...]] = set()
    for middle in range(len(floor.ids)):
        for one in np.flatnonzero(near[middle]).tolist():
            open_to = floor.joinable([middle, one]) & near[middle]
            found.update(
                tuple(sorted((middle, one, other)))
                for other in np.flatnonzero(open_to).tolist()
                if other > one
            )
    return found


def _fours(
    floor: Floor, near: NDArray[np.bool_], threes: set[tuple[int, ...]]
) -> set[tuple[int, ...]]:
    """Groups of three with a fourth who fits all and is near to one of them; 30 of each at most."""
    found: set[tuple[int, ...]] = set()
    for three in sorted(threes):
        group = list(three)
        open_to = floor.joinable(group) & near[group].any(axis=0)
        found.update(tuple(sorted((*three, other))) for other in np.flatnonzero(open_to).tolist())
    return found
