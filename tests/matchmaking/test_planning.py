"""Rounds planned ahead: every rule, no worse than live, pairs the best there are."""

from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchmaking.engine import planning
from matchmaking.engine.rounds import (
    Event,
    Person,
    Round,
    Waiting,
    Why,
    _floor,
    next_round,
    pairs_met,
    planned_rounds,
    times_waited,
)
from tests.matchmaking.crowds import (
    EN,
    assert_rules,
    events,
    everybody,
    fit_of,
    may_meet,
    seats_and_fit,
)

NEAR = 3


def near_ones(event: Event, fit: NDArray[np.float64]) -> set[tuple[int, int]]:
    """Each one's best edges: with who waited most, then by fit, then with who comes next."""
    place = {person.id: row for row, person in enumerate(event.people)}
    both, met, before = (fit + fit.T) / 2, pairs_met(event), times_waited(event)
    found = set()
    for one in event.here:
        others = [pk for pk in event.here - {one} if may_meet(event, met, one, pk)]
        others.sort(key=lambda pk: (-before[pk], -both[place[one], place[pk]], pk < one, pk))
        found |= {(min(one, pk), max(one, pk)) for pk in others[:NEAR]}
    return found


def best_pairs(
    event: Event, fit: NDArray[np.float64], edges: set[tuple[int, int]]
) -> tuple[list[int], float]:
    """Who waited most first, then as many as can be, then the fit: all pairings tried."""
    place = {person.id: row for row, person in enumerate(event.people)}
    both, before = (fit + fit.T) / 2, times_waited(event)
    levels = sorted({before[pk] for pk in event.here}, reverse=True)

    def tried(free: list[int]) -> list[tuple[list[int], float]]:
        if not free:
            return [([], 0.0)]
        one, rest = free[0], free[1:]
        found = tried(rest)
        for other in rest:
            if (one, other) in edges:
                worth = 2 * both[place[one], place[other]]
                left = [pk for pk in rest if pk != other]
                found += [([one, other, *seated], worth + fits) for seated, fits in tried(left)]
        return found

    return max(
        ([sum(before[pk] >= level for pk in seated) for level in levels], total)
        for seated, total in tried(sorted(event.here))
    )


@settings(max_examples=25, deadline=None)
@given(events())
def test_what_is_planned_keeps_the_rules_and_is_no_worse_than_live(event: Event) -> None:
    fit = fit_of(event) + 3
    planned = planned_rounds(event, fit, 2)
    assert_rules(planned)
    live = next_round(event, fit)
    first = replace(planned, rounds=planned.rounds[:1])
    assert first.rounds[0].is_proven
    assert seats_and_fit(first, fit)[0] >= seats_and_fit(live, fit)[0]
    if seats_and_fit(first, fit)[0] == seats_and_fit(live, fit)[0]:
        assert seats_and_fit(first, fit)[1] >= seats_and_fit(live, fit)[1] - 1e-9


@settings(max_examples=25, deadline=None)
@given(events(most=24))
def test_what_is_planned_a_few_groups_at_a_time_is_no_worse_than_live(event: Event) -> None:
    event = replace(event, size=max(event.size, 3), here=frozenset(one.id for one in event.people))
    fit = fit_of(event) + 3
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(planning, "MOST_AT_ONCE", 0)
        patched.setattr(planning, "PEOPLE_AT_ONCE", 9)
        planned = planned_rounds(event, fit, 2, time_limit_s=60)
        again = planned_rounds(event, fit, 2, time_limit_s=60)
    assert_rules(planned)
    assert planned == again
    live = next_round(event, fit)
    first = replace(planned, rounds=planned.rounds[:1])
    ours, theirs = seats_and_fit(first, fit), seats_and_fit(live, fit)
    assert ours[0] >= theirs[0]
    if ours[0] == theirs[0]:
        assert ours[1] >= theirs[1] - 1e-9


def test_groups_planned_a_few_at_a_time_fit_better_than_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = Random(5)
    ids = range(1, 61)
    people = tuple(Person(pk, chance.choice("ABCDEFGH"), frozenset({"en"})) for pk in ids)
    event, fit = Event(people, frozenset(ids), 4), np.random.default_rng(5).random((60, 60))
    monkeypatch.setattr(planning, "MOST_AT_ONCE", 100)
    planned, live = planned_rounds(event, fit, 1, time_limit_s=60), next_round(event, fit)
    assert not planned.rounds[0].is_proven
    seats, total = seats_and_fit(planned, fit)
    assert seats == seats_and_fit(live, fit)[0] == 60
    assert total > 1.05 * seats_and_fit(live, fit)[1]


@settings(max_examples=40, deadline=None)
@given(events(least=2, most=9), st.integers(0, 2))
def test_planned_pairs_are_the_best_of_each_one_s_best_edges(event: Event, before: int) -> None:
    event = replace(event, size=2, here=frozenset(person.id for person in event.people))
    fit = fit_of(event) + 3
    for _ in range(before):
        event = next_round(event, fit)
    live = next_round(event, fit).rounds[-1].groups
    edges = near_ones(event, fit) | {(one, other) for one, other in live}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(planning, "EDGES_OF_EACH", NEAR)
        planned = planned_rounds(event, fit, 1)
    assert planned.rounds[-1].is_proven
    waited = times_waited(event)
    seated = [pk for group in planned.rounds[-1].groups for pk in group]
    levels = sorted({waited[pk] for pk in event.here}, reverse=True)
    counts, total = best_pairs(event, fit, edges)
    assert [sum(waited[pk] >= level for pk in seated) for level in levels] == counts
    assert seats_and_fit(planned, fit)[1] == pytest.approx(total, abs=1e-6)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_choices_stay_few_where_all_fit_alike_or_many_waited(size: int) -> None:
    """Everybody's best are not the same few, whose groups nobody could count."""
    people = [Person(pk, f"C{pk % 8}", EN) for pk in range(1, 121)]
    event, fit = everybody(*people, size=size), np.zeros((120, 120))
    waits = tuple(Waiting(pk, Why.TAKEN, 1) for pk in range(1, 31))
    event = replace(event, rounds=(Round((), waits),))
    floor = _floor(event, fit, event.here)
    near = planning._best_edges(floor)
    assert near.sum(axis=1).max() == planning.EDGES_OF_EACH
    assert len(planning._threes(floor, near)) <= 45 * 120
    planned = planned_rounds(event, fit, 1)
    assert planned.rounds[-1].waiting == ()
    assert planned.rounds[-1].is_proven == (size == 2)


def test_nobody_waits_for_the_fit_of_others() -> None:
    """Along a path of twelve, five pairs fit perfectly and six not at all: all twelve sit."""
    ids = range(1, 13)
    people = tuple(Person(pk, f"C{pk}", EN) for pk in ids)
    apart = frozenset(pair for pair in combinations(ids, 2) if pair[1] - pair[0] > 1)
    event = replace(everybody(*people), apart=apart)
    fit = np.zeros((12, 12))
    for pk in range(2, 12, 2):
        fit[pk - 1, pk] = 1
    for number in (1, 2):
        planned = planned_rounds(event, fit, number)
        assert planned.rounds[0].waiting == ()
    # The second round has the others: now they may.
    assert len(planned.rounds[1].groups) == 5
