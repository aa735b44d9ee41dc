"""Rounds of meetings: every rule in every round, live, planned and mended."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchmaking.engine import planning
from matchmaking.engine.covering import FREE, cover
from matchmaking.engine.rounds import (
    Event,
    Person,
    Round,
    Waiting,
    Why,
    mended,
    next_round,
    pairs_met,
    planned_rounds,
    times_waited,
)

COUNTRIES = st.sampled_from(["DE", "DE", "DE", "EE", "FI", "PL"])
LANGUAGES = st.frozensets(st.sampled_from(["de", "en", "et", "pl"]), max_size=3)


@st.composite
def events(draw: st.DrawFn, least: int = 0, most: int = 14) -> Event:
    ids = draw(st.lists(st.integers(1, 99), unique=True, min_size=least, max_size=most))
    people = tuple(Person(pk, draw(COUNTRIES), draw(LANGUAGES)) for pk in sorted(ids))
    pairs = list(combinations(sorted(ids), 2))
    apart = draw(st.frozensets(st.sampled_from(pairs), max_size=3)) if pairs else frozenset()
    here = draw(st.frozensets(st.sampled_from(sorted(ids)))) if ids else frozenset()
    size = draw(st.sampled_from([2, 3, 4]))
    return Event(people, here, size, apart=apart)


def fit_of(event: Event, seed: int = 0) -> NDArray[np.float64]:
    count = len(event.people)
    return np.random.default_rng(seed).random((count, count)) * 7 - 3


def may_meet(event: Event, met: set[tuple[int, int]], one: int, other: int) -> bool:
    people = {person.id: person for person in event.people}
    a, b = people[one], people[other]
    pair = tuple(sorted((one, other)))
    return (
        a.country != b.country
        and bool(a.languages & b.languages)
        and pair not in met
        and pair not in event.apart
    )


def assert_rules(event: Event, sizes: set[int] | None = None) -> None:
    """Every round of the event keeps the hard rules, and says of everybody where they are."""
    people = {person.id: person for person in event.people}
    sizes = sizes or ({2} if event.size == 2 else {3, 4})
    so_far = replace(event, rounds=())
    for current in event.rounds:
        met = pairs_met(so_far)
        seated = [one for group in current.groups for one in group]
        waiting = [one.person for one in current.waiting]
        assert len(set(seated + waiting)) == len(seated + waiting)
        for group in current.groups:
            assert len(group) in sizes
            assert list(group) == sorted(group)
            assert frozenset.intersection(*(people[one].languages for one in group))
            assert all(may_meet(event, met, *pair) for pair in combinations(group, 2))
        before = times_waited(so_far)
        assert [one.times for one in current.waiting] == [before[pk] + 1 for pk in waiting]
        so_far = replace(so_far, rounds=(*so_far.rounds, current))
    if event.rounds:
        last = event.rounds[-1]
        there = {one for group in last.groups for one in group}
        there |= {one.person for one in last.waiting}
        assert there == event.here


def reason_for(event: Event, person: int) -> Why:
    people = {each.id: each for each in event.people}
    own = people[person]
    others = [people[pk] for pk in event.here - {person}]
    met = pairs_met(replace(event, rounds=event.rounds[:-1]))
    if not others:
        return Why.ALONE
    abroad = [each for each in others if each.country != own.country]
    if not abroad:
        return Why.COUNTRY
    understood = [each for each in abroad if each.languages & own.languages]
    if not understood:
        return Why.LANGUAGE
    is_new = any(tuple(sorted((person, each.id))) not in met for each in understood)
    return Why.TAKEN if is_new else Why.MET


@settings(max_examples=60, deadline=None)
@given(events(), st.integers(1, 5))
def test_every_round_keeps_the_rules_and_says_who_waits_and_why(event: Event, count: int) -> None:
    for number in range(count):
        event = next_round(event, fit_of(event, number))
        for one in event.rounds[-1].waiting:
            assert one.why == reason_for(event, one.person)
    assert_rules(event)
    assert len(event.rounds) == count


@settings(max_examples=40, deadline=None)
@given(events(), st.data())
def test_who_comes_late_or_leaves_is_absorbed_while_it_runs(
    event: Event, data: st.DataObject
) -> None:
    for number in range(3):
        event = next_round(event, fit_of(event, number))
        everybody = st.sets(st.sampled_from([each.id for each in event.people] or [0]))
        absent = data.draw(everybody) & event.here
        late = data.draw(everybody) & {each.id for each in event.people} - event.here
        before = event.rounds[-1]
        event = mended(event, fit_of(event, number), absent=absent, late=late)
        assert late <= event.here
        assert not event.here & absent
        after = {frozenset(group) for group in event.rounds[-1].groups}
        for group in before.groups:
            stay = frozenset(group) - absent
            together = len(stay) < 2 or any(stay <= other for other in after)
            assert together or len(group) == 4
    assert_rules(event, {2} if event.size == 2 else {2, 3, 4})


def best_waiting(event: Event) -> tuple[int, ...]:
    """For pairs, who waited of those left out by the fairest matching, tried one by one."""
    met, before = pairs_met(event), times_waited(event)

    def tried(free: list[int]) -> list[tuple[int, ...]]:
        if not free:
            return [()]
        one, rest = free[0], free[1:]
        found = [tuple(sorted((before[one], *out), reverse=True)) for out in tried(rest)]
        for other in rest:
            if may_meet(event, met, one, other):
                found += tried([each for each in rest if each != other])
        return found

    return min(tried(sorted(event.here)), key=lambda out: (list(out), len(out)))


@settings(max_examples=60, deadline=None)
@given(events(most=8))
def test_of_pairs_nobody_is_left_out_again_who_need_not_be(event: Event) -> None:
    event = replace(event, size=2)
    for number in range(4):
        fairest = best_waiting(event)
        event = next_round(event, fit_of(event, number))
        out = tuple(sorted((one.times - 1 for one in event.rounds[-1].waiting), reverse=True))
        assert out == fairest


@settings(max_examples=40, deadline=None)
@given(events())
def test_of_groups_nobody_waits_who_could_take_the_place_of_who_waited_less(event: Event) -> None:
    for number in range(3):
        before = times_waited(event)
        met = pairs_met(event)
        event = next_round(event, fit_of(event, number))
        current = event.rounds[-1]
        people = {person.id: person for person in event.people}
        for one in current.waiting:
            for group in current.groups:
                for seated in group:
                    others = [each for each in group if each != seated]
                    languages = [people[each].languages for each in (*others, one.person)]
                    fits = all(may_meet(event, met, one.person, each) for each in others)
                    is_possible = fits and frozenset.intersection(*languages)
                    assert not (is_possible and before[one.person] > before[seated])


@settings(max_examples=25, deadline=None)
@given(events(), st.randoms(use_true_random=False))
def test_the_same_people_give_the_same_rounds_in_whatever_scale_fit_is_said(
    event: Event, random: Random
) -> None:
    fit = fit_of(event)
    once = next_round(next_round(event, fit), fit)
    shuffled = list(event.here)
    random.shuffle(shuffled)
    again = replace(event, here=frozenset(shuffled))
    assert next_round(next_round(again, fit), fit) == once
    assert next_round(next_round(event, fit * 4), fit * 4).rounds == once.rounds


def seats_and_fit(event: Event, fit: NDArray[np.float64]) -> tuple[int, float]:
    """Seats of the last round, and over all who sit the sum of their mean fit with their group."""
    place = {person.id: row for row, person in enumerate(event.people)}
    groups = event.rounds[-1].groups
    both = (fit + fit.T) / 2
    total = sum(
        2 * both[place[a], place[b]] / (len(group) - 1)
        for group in groups
        for a, b in combinations(group, 2)
    )
    return sum(map(len, groups)), total


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


NEAR = 3


def near_ones(event: Event, fit: NDArray[np.float64]) -> set[tuple[int, int]]:
    """Each one's best edges: with who waited most, then by fit, then by id."""
    place = {person.id: row for row, person in enumerate(event.people)}
    both, met, before = (fit + fit.T) / 2, pairs_met(event), times_waited(event)
    found = set()
    for one in event.here:
        others = [pk for pk in event.here - {one} if may_meet(event, met, one, pk)]
        others.sort(key=lambda pk: (-before[pk], -both[place[one], place[pk]], pk))
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


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 9), st.data())
def test_a_matching_leaves_out_the_lightest(count: int, data: st.DataObject) -> None:
    cells = data.draw(st.lists(st.booleans(), min_size=count**2, max_size=count**2))
    edges = np.triu(np.array(cells, dtype=bool).reshape(count, count), 1)
    edges |= edges.T
    weight = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)), dtype=np.int64
    )
    mates = cover(edges, weight, [FREE] * count)
    for row, mate in enumerate(mates):
        assert mate == FREE or (edges[row, mate] and mates[mate] == row)

    def heaviest(free: list[int]) -> tuple[int, int]:
        if not free:
            return 0, 0
        one, rest = free[0], free[1:]
        found = [heaviest(rest)]
        for other in rest:
            if edges[one, other]:
                heavy, many = heaviest([each for each in rest if each != other])
                found.append((heavy + int(weight[one] + weight[other]), many + 2))
        return max(found)

    covered = [row for row, mate in enumerate(mates) if mate != FREE]
    assert (int(weight[covered].sum()), len(covered)) == heaviest(list(range(count)))


def everybody(*people: Person, size: int = 2) -> Event:
    return Event(tuple(people), frozenset(person.id for person in people), size)


EN = frozenset({"en"})


def test_three_people_wait_in_turn_until_all_have_met() -> None:
    event = everybody(Person(1, "DE", EN), Person(2, "EE", EN), Person(3, "FI", EN))
    fit = np.ones((3, 3))
    for _ in range(4):
        event = next_round(event, fit)
    waited = [[one.person for one in each.waiting] for each in event.rounds]
    assert sorted(one for each in waited[:3] for one in each) == [1, 2, 3]
    assert event.rounds[3] == Round((), tuple(Waiting(pk, Why.MET, 2) for pk in (1, 2, 3)))


def test_many_of_one_country_wait_in_turn() -> None:
    many = [Person(pk, "DE", EN) for pk in range(1, 10)]
    few = [Person(pk, "EE", EN) for pk in range(10, 13)]
    event = everybody(*many, *few)
    fit = np.ones((12, 12))
    for _ in range(3):
        event = next_round(event, fit)
    assert times_waited(event) == Counter({person.id: 2 for person in many})
    assert {one.why for each in event.rounds for one in each.waiting} == {Why.TAKEN}


def test_a_crowd_sits_in_every_size_and_the_wanted_one_is_the_usual_one() -> None:
    people = [Person(pk, code, EN) for pk, code in enumerate(["DE", "EE", "FI", "PL", "SE"] * 10)]
    fit = np.random.default_rng(3).random((50, 50))
    for size in (2, 3, 4):
        current = next_round(everybody(*people, size=size), fit).rounds[0]
        assert current.waiting == ()
        [(usual, _count)] = Counter(map(len, current.groups)).most_common(1)
        assert usual == size


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="ascending"):
        everybody(Person(2, "DE", EN), Person(1, "EE", EN))
    with pytest.raises(ValueError, match="one of the people"):
        Event((Person(1, "DE", EN),), frozenset({2}))
    with pytest.raises(ValueError, match="two, three or four"):
        everybody(Person(1, "DE", EN), size=5)
    event = everybody(Person(1, "DE", EN), Person(2, "EE", EN))
    with pytest.raises(ValueError, match="finite"):
        next_round(event, np.full((2, 2), np.nan))
    with pytest.raises(ValueError, match="finite"):
        next_round(event, np.ones((3, 3)))
