"""Teams: what they must be, what is said of their worth and of what is missing."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchmaking.engine import consortium
from matchmaking.engine.consortium import best_team
from matchmaking.engine.teams import PRESETS, Candidates, Missing, Proof, Shape, Team

CODES = ["DE", "DE", "DE", "EE", "FI", "PL", "SE"]


def made(count: int, asked: int, seed: int, *, apart: float = 0.0) -> Candidates:
    """Candidates by chance, of whom this share of pairs is to be kept apart."""
    rng = np.random.default_rng(seed)
    mutual = rng.random((count, count))
    mutual = (mutual + mutual.T) / 2
    kept_apart = np.triu(np.random.default_rng(seed + 1).random((count, count)) < apart, 1)
    return Candidates(
        [CODES[rng.integers(len(CODES))] for _ in range(count)],
        rng.random((count, asked)) < 0.3,
        rng.random(count),
        lambda rows: mutual[np.ix_(rows, rows)],
        kept_apart | kept_apart.T,
    )


def clashing(candidates: Candidates, team: Iterable[int]) -> tuple[tuple[int, int], ...]:
    apart = candidates.apart
    assert apart is not None
    return tuple(pair for pair in combinations(sorted(team), 2) if apart[pair])


def lack(candidates: Candidates, shape: Shape, team: tuple[int, ...]) -> int:
    unmet = int((~candidates.covers[list(team)].any(axis=0)).sum())
    countries = len({candidates.countries[row] for row in team})
    return unmet + max(0, shape.countries - countries) + shape.partners - len(team)


def is_allowed(
    candidates: Candidates, shape: Shape, team: tuple[int, ...], fixed: list[int]
) -> bool:
    return not clashing(candidates, team) and all(
        sum(candidates.countries[row] == code for row in team)
        <= max(shape.per_country, sum(candidates.countries[row] == code for row in fixed))
        for code in set(candidates.countries)
    )


def worth(candidates: Candidates, team: tuple[int, ...], fixed: list[int]) -> float:
    rows = np.array(team, dtype=np.intp)
    mutual: NDArray[np.float64] = candidates.mutual(rows).copy()
    np.fill_diagonal(mutual, 0)
    asked = max(candidates.covers.shape[1], 1)
    alone = sum(
        candidates.lead_fit[row] + candidates.covers[row].sum() / asked
        for row in team
        if row not in fixed
    )
    return float(alone + mutual.sum() / max(len(team) - 1, 1))


def rows_of(team: Team) -> tuple[int, ...]:
    return tuple(seat.row for seat in team.seats)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 9),
    st.integers(0, 4),
    st.integers(0, 10**6),
    st.sampled_from([0.0, 0.1, 0.4]),
    st.sampled_from([0, 2_000]),
    st.data(),
)
def test_a_team_is_the_best_there_is_or_the_nearest(
    count: int, asked: int, seed: int, apart: float, pairs: int, data: st.DataObject
) -> None:
    candidates = made(count, asked, seed, apart=apart)
    partners = data.draw(st.integers(1, 5))
    shape = Shape(
        partners, data.draw(st.integers(1, partners)), data.draw(st.integers(1, partners))
    )
    most = min(partners, count)
    fixed = sorted(data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=most)))
    with pytest.MonkeyPatch.context() as patched:
        # Both ways in which the programme keeps pairs apart.
        patched.setattr(consortium, "MOST_PAIRS", pairs)
        team = best_team(candidates, shape=shape, fixed=fixed)
    rows = rows_of(team)
    if clash := clashing(candidates, fixed):
        assert (rows, team.proof, team.missing) == ((), Proof.PARTIAL, Missing(apart=clash))
        return
    others = [row for row in range(count) if row not in fixed]
    possible = [
        tuple(sorted((*fixed, *chosen)))
        for size in range(partners - len(fixed) + 1)
        for chosen in combinations(others, size)
    ]
    possible = [each for each in possible if is_allowed(candidates, shape, each, fixed)]
    assert rows in possible
    least = min(lack(candidates, shape, each) for each in possible)
    assert lack(candidates, shape, rows) == least
    assert team.missing.is_empty == (least == 0)
    assert team.worth == pytest.approx(worth(candidates, rows, fixed))
    if least == 0:
        whole = [each for each in possible if lack(candidates, shape, each) == 0]
        best = max(worth(candidates, each, fixed) for each in whole)
        assert team.proof == Proof.BEST
        assert team.worth == pytest.approx(best)
    else:
        assert team.proof == Proof.PARTIAL
    for seat in team.seats:
        assert seat.is_fixed == (seat.row in fixed)
        for other in seat.replacements:
            instead = tuple(sorted({*rows, other} - {seat.row}))
            assert not seat.is_fixed
            assert is_allowed(candidates, shape, instead, fixed)
            assert lack(candidates, shape, instead) <= least


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_of_many_candidates_the_team_is_whole_and_its_bound_is_said(seed: int) -> None:
    candidates = made(300, 6, seed, apart=0.05)
    shape = Shape(5, 4, 2)
    team = best_team(candidates, shape=shape, fixed=[7])
    assert not clashing(candidates, rows_of(team))
    assert lack(candidates, shape, rows_of(team)) == 0
    assert team.weighed == 120
    assert team.proof == (Proof.BEST if team.bound <= team.worth + 1e-9 else Proof.GOOD)
    assert team.bound >= team.worth
    assert best_team(candidates, shape=shape, fixed=[7]) == team
    # No exchange of one member improves it, of those that were weighed.
    for seat in team.seats:
        for other in seat.replacements:
            instead = tuple(sorted({*rows_of(team), other} - {seat.row}))
            assert not clashing(candidates, instead)
            if lack(candidates, shape, instead) == 0:
                assert worth(candidates, instead, [7]) <= team.worth + 1e-9


def plain(countries: list[str], covers: list[list[int]]) -> Candidates:
    count = len(countries)
    return Candidates(
        countries,
        np.array(covers, dtype=bool).reshape(count, -1),
        np.linspace(1, 0, count),
        lambda rows: np.ones((len(rows), len(rows))),
    )


def test_what_is_missing_is_named() -> None:
    nobody = plain(["DE", "EE", "FI"], [[1, 0], [0, 0], [0, 0]])
    assert best_team(nobody, shape=Shape(3, 3, 1), fixed=[0]).missing == Missing(nobody=(1,))
    # Two needs that only two Estonians meet, of whom one may be in the team.
    together = plain(["DE", "EE", "EE", "FI"], [[0, 0], [1, 0], [0, 1], [0, 0]])
    found = best_team(together, shape=Shape(3, 3, 1), fixed=[0])
    assert found.missing == Missing(together=(1,))
    countries = plain(["DE", "EE", "EE", "EE"], [[], [], [], []])
    found = best_team(countries, shape=Shape(3, 3, 2), fixed=[0])
    assert found.missing == Missing(countries=1)
    partners = plain(["DE", "EE"], [[], []])
    assert best_team(partners, shape=Shape(3, 2, 1), fixed=[0]).missing == Missing(partners=1)


def test_somebody_beyond_the_trimmed_pool_is_found_where_needed() -> None:
    # Every need is met by somebody weighed, but only the last candidate meets both at once.
    count = 60
    covers = [[0, 0]] + [[1, 0], [0, 1]] * 29 + [[1, 1]]
    candidates = plain(["DE"] + ["EE"] * (count - 1), covers)
    team = best_team(candidates, shape=Shape(2, 2, 1), fixed=[0], pool=10)
    assert rows_of(team) == (0, 59)
    assert team.missing.is_empty


def test_presets_are_what_the_programmes_ask_for() -> None:
    europe = [PRESETS[f"creative_europe_{name}"] for name in ("small", "medium", "large")]
    assert [(shape.partners, shape.countries) for shape in europe] == [(3, 3), (5, 5), (10, 10)]
    assert PRESETS["interreg"].countries == 3


def test_a_shape_that_is_no_team_is_refused() -> None:
    candidates = made(4, 1, 1)
    for shape, fixed in ((Shape(2, 3, 1), [0]), (Shape(2, 1, 0), [0]), (Shape(1, 1, 1), [0, 1])):
        with pytest.raises(ValueError, match="as many members"):
            best_team(candidates, shape=shape, fixed=fixed)
