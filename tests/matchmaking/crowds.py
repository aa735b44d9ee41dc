"""Crowds at a meeting, made up, and what must hold of the rounds that they sit in."""

from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchmaking.engine.rounds import (
    Event,
    Person,
    pairs_met,
    times_waited,
)

COUNTRIES = st.sampled_from(["DE", "DE", "DE", "EE", "FI", "PL"])
LANGUAGES = st.frozensets(st.sampled_from(["de", "en", "et", "pl"]), max_size=3)
EN = frozenset({"en"})


@st.composite
def events(draw: st.DrawFn, least: int = 0, most: int = 14) -> Event:
    """Events of so many people that have not begun, some of the people there."""
    ids = draw(st.lists(st.integers(1, 99), unique=True, min_size=least, max_size=most))
    people = tuple(Person(pk, draw(COUNTRIES), draw(LANGUAGES)) for pk in sorted(ids))
    pairs = list(combinations(sorted(ids), 2))
    apart = draw(st.frozensets(st.sampled_from(pairs), max_size=3)) if pairs else frozenset()
    here = draw(st.frozensets(st.sampled_from(sorted(ids)))) if ids else frozenset()
    size = draw(st.sampled_from([2, 3, 4]))
    return Event(people, here, size, apart=apart)


def fit_of(event: Event, seed: int = 0) -> NDArray[np.float64]:
    """Some fit of each with each, in some scale."""
    count = len(event.people)
    return np.random.default_rng(seed).random((count, count)) * 7 - 3


def everybody(*people: Person, size: int = 2) -> Event:
    """An event at which all of these are."""
    return Event(tuple(people), frozenset(person.id for person in people), size)


def may_meet(event: Event, met: set[tuple[int, int]], one: int, other: int) -> bool:
    """Whether the hard rules let two sit together who have not met."""
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
