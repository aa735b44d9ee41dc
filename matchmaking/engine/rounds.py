"""Rounds of meetings: who sits with whom now, so that everybody meets strangers from abroad.

Everything is a value: an :class:`Event` goes in and a new one comes out; what was met and who
waited is read from its rounds. Hard rules, in every round and also while it is mended: all of a
group come from different countries, speak one language together, have not met before and are not
to be kept apart. Then, in this order: who waited most is seated before who waited less, as many as
possible are seated, and the sum of mutual fit is high. For pairs the first two are exact (covered
vertices of matchings are a matroid, so augmenting in the order of who waited is optimal), for
groups of three and four they are sought by exchange. Whoever waits is told why.

The same event and fit give the same round; ties go to the smaller id.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.covering import cover
from matchmaking.engine.seating import Floor, Groups, exchanged, fill, greedy_pairs

SIZES = (2, 3, 4)


class Why(StrEnum):
    """Why somebody waits; the first that holds."""

    ALONE = "alone"
    COUNTRY = "country"
    LANGUAGE = "language"
    MET = "met"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part.

    Attributes:
        country: ISO 3166-1 alpha-2.
        languages: BCP 47 codes of what one speaks.
    """

    id: int
    country: str
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has no seat in a round.

    Attributes:
        times: Rounds in which this person waited so far, this one included.
    """

    person: int
    why: Why
    times: int


@dataclass(frozen=True, slots=True)
class Round:
    """Groups of ids, each ascending, in the order of their first; and who waits, by id.

    Attributes:
        is_proven: Nobody waits who need not, and the sum of fit is the best of what was weighed:
            of everybody's ten best edges, for groups of everybody's four best of those that these
            edges make.
    """

    groups: tuple[tuple[int, ...], ...]
    waiting: tuple[Waiting, ...]
    is_proven: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """An event as far as rounds are concerned.

    Attributes:
        people: All who may take part, by ascending id; rows and columns of every fit follow them.
        here: Ids of those who are there now.
        size: Of a group: 2; 3, where whoever is left over joins as a fourth; or 4, with threes
            where the number does not divide.
        rounds: The rounds so far; the last one may be under way.
        apart: Pairs of ids, smaller first, that are never put together.
    """

    people: tuple[Person, ...]
    here: frozenset[int]
    size: int = 2
    rounds: tuple[Round, ...] = ()
    apart: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        ids = [person.id for person in self.people]
        if ids != sorted(set(ids)):
            message = "people come once each, by ascending id"
            raise ValueError(message)
        if not self.here <= set(ids):
            message = "who is here is one of the people"
            raise ValueError(message)
        if self.size not in SIZES:
            message = "groups have two, three or four seats"
            raise ValueError(message)


def pairs_met(event: Event) -> set[tuple[int, int]]:
    """Pairs of ids, smaller first, that sat together."""
    return {
        pair for each in event.rounds for group in each.groups for pair in combinations(group, 2)
    }


def times_waited(event: Event) -> Counter[int]:
    """How often each id waited."""
    return Counter(one.person for each in event.rounds for one in each.waiting)


def next_round(event: Event, fit: NDArray[np.float64]) -> Event:
    """The event with one more round, for those who are here now; quick enough to be run live.

    Args:
        event: As it is.
        fit: Mutual fit of each with each, finite, in any scale; rows and columns follow
            ``event.people``. Of an asymmetric one the mean of both directions counts.
    """
    floor = _floor(event, fit, event.here)
    return _with_round(event, floor, _seated(floor))


def planned_rounds(
    event: Event, fit: NDArray[np.float64], count: int, *, time_limit_s: float = 5.0
) -> Event:
    """The event with that many more rounds, pairs the best of everybody's ten best edges.

    Groups of three and four are the best of fewer choices, or good
    (:mod:`matchmaking.engine.planning`). An integer programme per round; ``Round.is_proven`` says
    whether it came to its end in the time that each has. Never worse than :func:`next_round`, which
    stands where it did not.
    """
    from matchmaking.engine.planning import best_groups

    for _ in range(count):
        floor = _floor(event, fit, event.here)
        groups, is_proven = best_groups(floor, _seated(floor), time_limit_s)
        event = _with_round(event, floor, groups, is_proven=is_proven)
    return event


def mended(
    event: Event,
    fit: NDArray[np.float64],
    *,
    absent: Collection[int] = (),
    late: Collection[int] = (),
) -> Event:
    """The event with its last round changed while it runs; who sits together stays together.

    Whoever is absent is taken out; a group of which two or more are left goes on. Who is then
    alone, who waited and who came late join groups with a free seat or form new ones. Before the
    first round only the presence changes.

    Args:
        event: As it is.
        fit: As for :func:`next_round`.
        absent: Ids of people who are not there, after all.
        late: Ids of people who have come.
    """
    here = (event.here | set(late)) - set(absent)
    if not event.rounds:
        return replace(event, here=here)
    last = event.rounds[-1]
    gone = set(absent)
    left = [[one for one in group if one not in gone] for group in last.groups]
    before = replace(event, here=here, rounds=event.rounds[:-1])
    floor = _floor(before, fit, here)
    place = {pk: row for row, pk in enumerate(floor.ids)}
    groups = [[place[one] for one in group if one in place] for group in left]
    kept = [group for group in groups if len(group) > 1]
    fill(floor, kept, most=max(event.size, 4) if event.size > 2 else 2)  # noqa: PLR2004 - pairs
    is_proven = last.is_proven and kept == groups
    return _with_round(before, floor, kept, is_proven=is_proven)


def _seated(floor: Floor) -> Groups:
    if floor.size == 2:  # noqa: PLR2004 - pairs
        mates = cover(floor.fits, floor.waited, greedy_pairs(floor))
        groups = [[row, mate] for row, mate in enumerate(mates) if row < mate]
    else:
        groups = []
        fill(floor, groups, most=4)
    return exchanged(floor, groups)


def _floor(event: Event, fit: NDArray[np.float64], here: Iterable[int]) -> Floor:
    count = len(event.people)
    if fit.shape != (count, count) or not np.isfinite(fit).all():
        message = "fit is a finite number for each of the people with each"
        raise ValueError(message)
    present = set(here)
    rows = [row for row, person in enumerate(event.people) if person.id in present]
    people = [event.people[row] for row in rows]
    place = {person.id: row for row, person in enumerate(people)}
    countries = np.array([person.country for person in people], dtype=str)
    codes = sorted({code for person in people for code in person.languages})
    speaks = np.array(
        [[code in person.languages for code in codes] for person in people], dtype=np.float32
    ).reshape(len(people), len(codes))
    is_new = np.ones((len(people), len(people)), dtype=bool)
    for first, second in pairs_met(event):
        if first in place and second in place:
            is_new[place[first], place[second]] = is_new[place[second], place[first]] = False
    may = np.ones_like(is_new)
    for first, second in event.apart:
        if first in place and second in place:
            may[place[first], place[second]] = may[place[second], place[first]] = False
    np.fill_diagonal(may, val=False)
    mutual = fit[np.ix_(rows, rows)].astype(np.float64)
    mutual = (mutual + mutual.T) / 2
    if len(people) > 1:
        mutual -= mutual.min()
        mutual /= mutual.max() or 1.0
    times = times_waited(event)
    return Floor(
        ids=[person.id for person in people],
        size=event.size,
        is_abroad=countries[:, None] != countries[None, :],
        is_understood=(speaks @ speaks.T) > 0,
        is_new=is_new,
        may=may,
        speaks=speaks,
        mutual=mutual,
        waited=np.array([times[person.id] for person in people], dtype=np.int64),
    )


def _with_round(event: Event, floor: Floor, groups: Groups, *, is_proven: bool = False) -> Event:
    seated = {row for group in groups for row in group}
    waiting = tuple(
        Waiting(pk, _why(floor, row), int(floor.waited[row]) + 1)
        for row, pk in enumerate(floor.ids)
        if row not in seated
    )
    named = tuple(sorted(tuple(sorted(floor.ids[row] for row in group)) for group in groups))
    return replace(event, rounds=(*event.rounds, Round(named, waiting, is_proven)))


def _why(floor: Floor, row: int) -> Why:
    if len(floor.ids) == 1:
        return Why.ALONE
    remaining = floor.is_abroad[row]
    if not remaining.any():
        return Why.COUNTRY
    remaining = remaining & floor.is_understood[row]
    if not remaining.any():
        return Why.LANGUAGE
    return Why.TAKEN if (remaining & floor.is_new[row]).any() else Why.MET
