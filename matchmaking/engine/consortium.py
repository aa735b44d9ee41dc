"""Teams that together cover some needs: so many partners from so many countries.

An integer programme on what each adds alone (needs met, fit with the lead) finds a feasible team or
the nearest to one; exchange of one member at a time then improves the mutual fit, which the
programme cannot hold (its pairwise form does not solve). Invariants: no team has two who are to be
kept apart; fixed members stay (and where two of these are to be kept apart, there is no team), a
country has no more than the stated number beyond them, and no exchange makes a team less feasible.
Where
few teams are possible all are tried. The result depends on the candidates alone: the exchange is
bounded by steps, and its limit of time is a safety that is reported.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

from matchmaking.engine.teams import Candidates, Missing, Proof, Seat, Shape, Team

POOL = 120
STEPS = 200
TIME_LIMIT_S = 1.0
ALL_TEAMS = 3_000
REPLACEMENTS = 3
LACK = 1_000.0
SOLVED = 0
PROGRAMME_LIMIT_S = 2.0
MOST_PAIRS = 2_000
"""With more pairs to be kept apart, the programme has a row for each member instead."""


@dataclass(frozen=True)
class _Pool:
    """The candidates that are weighed; everything by position in the pool."""

    rows: NDArray[np.intp]
    country: NDArray[np.intp]
    covers: NDArray[np.bool_]
    alone: NDArray[np.float64]
    mutual: NDArray[np.float64]
    fixed: NDArray[np.bool_]
    apart: NDArray[np.bool_]
    shape: Shape

    def worth(self, team: NDArray[np.intp]) -> float:
        """Sum of what each adds alone and of the mean mutual fit of each with the others."""
        pairs = float(self.mutual[np.ix_(team, team)].sum()) / max(len(team) - 1, 1)
        return float(self.alone[team].sum()) + pairs

    def lack(self, team: NDArray[np.intp]) -> tuple[NDArray[np.bool_], int, int]:
        """Needs not met, and how many countries and partners are missing."""
        unmet = np.logical_not(self.covers[team].any(axis=0))
        countries = max(0, self.shape.countries - len(np.unique(self.country[team])))
        return unmet, countries, self.shape.partners - len(team)


def best_team(
    candidates: Candidates, *, shape: Shape, fixed: Sequence[int], pool: int = POOL
) -> Team:
    """The best team of that shape with those members, or the nearest to it and what is missing.

    Args:
        candidates: Who may be in it.
        shape: What it has to be.
        fixed: Rows of members who are in it in any case, the lead among them.
        pool: Candidates that are weighed; the best for each need and country are among them.

    Raises:
        ValueError: the shape is no team's, or more members are fixed than it has.
    """
    must = np.zeros(len(candidates.countries), dtype=bool)
    must[list(fixed)] = True
    if shape.partners < max(1, shape.countries, int(must.sum())) or shape.per_country < 1:
        message = "a team has at least as many members as countries and fixed members"
        raise ValueError(message)
    clashes = _clashes(candidates, must)
    if clashes:
        return Team((), Proof.PARTIAL, 0.0, 0.0, int(must.sum()), Missing(apart=clashes))
    weighed = _pool(candidates, shape, must, pool)
    start, is_cut = _programme(weighed)
    if _is_lacking(weighed, start) and len(weighed.rows) < len(candidates.countries):
        # What the best few cannot do, somebody further down may.
        everybody = _pool(candidates, shape, must, len(candidates.countries))
        whole, is_cut = _programme(everybody)
        if _lack(everybody, whole) < _lack(weighed, start):
            weighed = _pool(candidates, shape, must, pool, also=everybody.rows[whole])
            start, is_cut = _programme(weighed)
    return _improved(weighed, start, candidates, is_cut=is_cut)


def _clashes(candidates: Candidates, must: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """Pairs of fixed members who are to be kept apart."""
    rows = np.flatnonzero(must)
    if candidates.apart is None:
        return ()
    return tuple(
        (one, other)
        for one, other in combinations(rows.tolist(), 2)
        if candidates.apart[one, other]
    )


def _improved(
    pool: _Pool, start: NDArray[np.intp], candidates: Candidates, *, is_cut: bool
) -> Team:
    """The team after exchange, with what is known of it."""
    best = _best_of_all(pool, len(start)) if not _is_lacking(pool, start) else None
    if best is not None:
        bound = pool.worth(best)
    else:
        best, is_short = _exchanged(pool, start)
        is_cut = is_cut or is_short
        bound = max(_bound(pool, len(best)), pool.worth(best))
    unmet, countries, partners = pool.lack(best)
    can = candidates.covers.any(axis=0)
    missing = Missing(
        nobody=tuple(np.flatnonzero(unmet & ~can).tolist()),
        together=tuple(np.flatnonzero(unmet & can).tolist()),
        countries=countries,
        partners=partners,
    )
    worth = pool.worth(best)
    proof = Proof.BEST if bound <= worth + 1e-9 else Proof.GOOD
    return Team(
        seats=_seats(pool, best),
        proof=proof if missing.is_empty else Proof.PARTIAL,
        worth=worth,
        bound=bound,
        weighed=len(pool.rows),
        missing=missing,
        is_cut=is_cut,
    )


def _pool(
    candidates: Candidates,
    shape: Shape,
    must: NDArray[np.bool_],
    size: int,
    also: NDArray[np.intp] | None = None,
) -> _Pool:
    """The fixed, the best of each need and country, and the best of the others."""
    count = len(candidates.countries)
    names = sorted(set(candidates.countries))
    country = np.array([names.index(name) for name in candidates.countries], dtype=np.intp)
    asked = candidates.covers.shape[1]
    alone = candidates.lead_fit + candidates.covers.sum(axis=1) / max(asked, 1)
    apart = candidates.apart
    if apart is None:
        apart = np.zeros((count, count), dtype=bool)
    # Whoever is to be kept from a fixed member is in no team.
    possible = np.logical_not(apart[must].any(axis=0))
    order = np.lexsort((np.arange(count), -alone))
    order = order[possible[order]]
    kept = must.copy()
    if also is not None:
        kept[also] = True
    if size >= count:
        kept[possible] = True
    else:
        few = max(2, shape.per_country)
        for need in range(asked):
            kept[order[candidates.covers[order, need]][:few]] = True
        for code in range(len(names)):
            kept[order[country[order] == code][:few]] = True
        for row in order:
            if kept.sum() >= size:
                break
            kept[row] = True
    rows = np.flatnonzero(kept)
    mutual = np.array(candidates.mutual(rows), dtype=np.float64)
    np.fill_diagonal(mutual, 0)
    return _Pool(
        rows=rows,
        country=country[rows],
        covers=candidates.covers[rows],
        alone=np.where(must[rows], 0.0, alone[rows]),
        mutual=mutual,
        fixed=must[rows],
        apart=apart[np.ix_(rows, rows)],
        shape=shape,
    )


def _programme(pool: _Pool) -> tuple[NDArray[np.intp], bool]:
    """The team that lacks least and, of those, adds most, and whether time ended the search.

    By position in the pool.
    """
    found = _solve(pool, pool.alone, is_whole=False)
    if found.x is None:
        return np.flatnonzero(pool.fixed), True
    chosen = np.flatnonzero(found.x[: len(pool.rows)] > 0.5)  # noqa: PLR2004 - 0 or 1
    return chosen, found.status != SOLVED


def _solve(pool: _Pool, gain: NDArray[np.float64], *, is_whole: bool) -> "OptimizeResult":
    """Maximise a linear gain; what is lacking costs, or is forbidden where ``is_whole``.

    Columns: a member each, a country each that counts, then what lacks: each need, countries,
    partners.
    """
    # A third of a second at every start, for what few ask.
    from scipy.optimize import Bounds, LinearConstraint, milp

    many, asked = len(pool.rows), pool.covers.shape[1]
    codes = np.unique(pool.country)
    of = np.searchsorted(codes, pool.country)
    lacks = asked + 2
    width = many + len(codes) + lacks
    member = np.arange(many)
    cost = np.concatenate([-gain, np.zeros(len(codes)), np.full(lacks, LACK)])
    lower = np.concatenate([pool.fixed.astype(float), np.zeros(len(codes) + lacks)])
    upper = np.concatenate(
        [np.ones(many + len(codes) + asked), [pool.shape.countries, pool.shape.partners]]
    )
    if is_whole:
        upper[many + len(codes) :] = 0
    in_country = csr_array((np.ones(many), (of, member)), shape=(len(codes), width)).tolil()
    counted = in_country.copy()
    for code in range(len(codes)):
        counted[code, many + code] = -1
    needs = csr_array((asked, width)).tolil()
    needs[:, :many] = pool.covers.T.astype(float)
    sums = csr_array((2, width)).tolil()
    sums[0, :many] = 1
    sums[0, width - 1] = 1
    sums[1, many : many + len(codes)] = 1
    sums[1, width - 2] = 1
    for need in range(asked):
        needs[need, many + len(codes) + need] = 1
    fixed_there = np.bincount(of[pool.fixed], minlength=len(codes))
    most = np.maximum(pool.shape.per_country, fixed_there)
    size = pool.shape.partners
    constraints = [
        LinearConstraint(in_country.tocsr(), ub=most),
        LinearConstraint(counted.tocsr(), lb=0),
        LinearConstraint(sums.tocsr(), lb=[size, pool.shape.countries], ub=[size, np.inf]),
    ]
    if asked:
        constraints.append(LinearConstraint(needs.tocsr(), lb=1))
    kept_apart, most_apart = _kept_apart(pool)
    if len(most_apart):
        kept_apart.resize(len(most_apart), width)
        constraints.append(LinearConstraint(kept_apart, ub=most_apart))
    return milp(
        cost,
        constraints=constraints,
        integrality=np.ones(width),
        bounds=Bounds(lower, upper),
        options={"mip_rel_gap": 0, "time_limit": PROGRAMME_LIMIT_S},
    )


def _kept_apart(pool: _Pool) -> tuple[csr_array, NDArray[np.float64]]:
    """Rows that keep pairs apart, by member, and what each may sum up to.

    A row for each pair; where these are many, one for each member: nobody of those kept from it is
    in the team, or it is not.
    """
    first, second = np.nonzero(np.triu(pool.apart, 1))
    size = len(pool.rows)
    if len(first) <= MOST_PAIRS:
        pairs = np.arange(len(first))
        entries = (np.ones(2 * len(first)), (np.tile(pairs, 2), np.concatenate([first, second])))
        return csr_array(entries, shape=(len(first), size)), np.ones(len(first))
    others = np.minimum(pool.apart.sum(axis=1), pool.shape.partners).astype(np.float64)
    return csr_array(pool.apart + np.diag(others)), others


def _lack(pool: _Pool, team: NDArray[np.intp]) -> int:
    unmet, countries, partners = pool.lack(team)
    return int(unmet.sum()) + countries + partners


def _is_lacking(pool: _Pool, team: NDArray[np.intp]) -> bool:
    return _lack(pool, team) > 0


def _best_of_all(pool: _Pool, size: int) -> NDArray[np.intp] | None:
    """The best whole team, where there are so few that all can be tried; None where not."""
    free = np.flatnonzero(~pool.fixed)
    fixed = np.flatnonzero(pool.fixed)
    open_seats = size - len(fixed)
    if comb(len(free), open_seats) > ALL_TEAMS:
        return None
    most = _most(pool)
    best: tuple[float, NDArray[np.intp]] | None = None
    for chosen in combinations(free.tolist(), open_seats):
        team = np.sort(np.concatenate([fixed, np.array(chosen, dtype=np.intp)]))
        if (
            pool.apart[np.ix_(team, team)].any()
            or _is_lacking(pool, team)
            or (np.bincount(pool.country[team], minlength=len(most)) > most).any()
        ):
            continue
        worth = pool.worth(team)
        if best is None or worth > best[0] + 1e-12:
            best = (worth, team)
    return best[1] if best else None


def _most(pool: _Pool) -> NDArray[np.intp]:
    """Members that a country may have, by its code; more than stated only where they are fixed."""
    there = np.bincount(pool.country[pool.fixed], minlength=int(pool.country.max()) + 1)
    return np.maximum(there, pool.shape.per_country)


def _bound(pool: _Pool, size: int) -> float:
    """More than this no whole team is worth: each with the partners that suit them best."""
    others = min(size - 1, len(pool.rows) - 1)
    nearest = np.sort(pool.mutual, axis=1)[:, ::-1][:, :others].sum(axis=1) / max(size - 1, 1)
    found = _solve(pool, pool.alone + nearest, is_whole=True)
    return float(-found.fun) if found.status == SOLVED else float("inf")


def _swaps(pool: _Pool, team: NDArray[np.intp]) -> NDArray[np.float64]:
    """Member by candidate, what their exchange is worth; -inf where it makes the team worse."""
    inside = np.zeros(len(pool.rows), dtype=bool)
    inside[team] = True
    share = 2 / max(len(team) - 1, 1)
    with_team = pool.mutual[:, team].sum(axis=1)
    gain: NDArray[np.float64] = (
        pool.alone[None, :] + share * (with_team[None, :] - pool.mutual[team])
    ) - (pool.alone[team] + share * with_team[team])[:, None]
    held = pool.covers[team].sum(axis=0)
    for position, member in enumerate(team):
        still = held - pool.covers[member]
        # A need that only this member meets must be met by who comes.
        lost = (held > 0) & (still == 0)
        stay = np.delete(team, position)
        is_possible = ~inside & pool.covers[:, lost].all(axis=1)
        is_possible &= ~pool.apart[:, stay].any(axis=1)
        there = np.bincount(pool.country[team], minlength=int(pool.country.max()) + 1)
        there[pool.country[member]] -= 1
        is_possible &= there[pool.country] < _most(pool)[pool.country]
        countries = int((there > 0).sum()) + (there[pool.country] == 0)
        now = int((np.bincount(pool.country[team]) > 0).sum())
        is_possible &= countries >= min(now, pool.shape.countries)
        if pool.fixed[member]:
            is_possible[:] = False
        gain[position, ~is_possible] = -np.inf
    return gain


def _exchanged(pool: _Pool, team: NDArray[np.intp]) -> tuple[NDArray[np.intp], bool]:
    """The team after the best exchange each time, and whether time ended it."""
    until = time.monotonic() + TIME_LIMIT_S
    for _ in range(STEPS):
        gains = _swaps(pool, team)
        if not gains.size or gains.max() <= 1e-9:  # noqa: PLR2004 - no gain but rounding
            return team, False
        position, comes = np.unravel_index(int(np.argmax(gains)), gains.shape)
        team = np.sort(np.append(np.delete(team, position), comes))
        if time.monotonic() > until:
            return team, True
    return team, False


def _seats(pool: _Pool, team: NDArray[np.intp]) -> tuple[Seat, ...]:
    gains = _swaps(pool, team)
    held = pool.covers[team].sum(axis=0)
    seats = []
    for position, member in enumerate(team.tolist()):
        order = np.lexsort((np.arange(len(pool.rows)), -gains[position]))
        able = [row for row in order.tolist() if np.isfinite(gains[position, row])]
        others = [other for other in team.tolist() if other != member]
        fit = float(pool.mutual[member, others].mean()) if others else 0.0
        own = pool.covers[member]
        seats.append(
            Seat(
                row=int(pool.rows[member]),
                is_fixed=bool(pool.fixed[member]),
                needs=tuple(np.flatnonzero(own).tolist()),
                alone=tuple(np.flatnonzero(own & (held == 1)).tolist()),
                fit=fit,
                replacements=tuple(pool.rows[able[:REPLACEMENTS]].tolist()),
            )
        )
    return tuple(seats)
