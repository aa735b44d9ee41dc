"""Rounds of meetings: every rule in every round, live, planned and mended."""

from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    times_waited,
)
from tests.matchmaking.crowds import (
    EN,
    assert_rules,
    events,
    everybody,
    fit_of,
    may_meet,
)


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
