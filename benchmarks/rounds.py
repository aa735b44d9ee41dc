"""Meeting rounds for 200 people, teams of 10 out of 1,000: one thread, arithmetic alone."""

import time
from collections.abc import Callable
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import Size, figure, table
from matchmaking.engine.consortium import best_team
from matchmaking.engine.rounds import Event, Person, mended, next_round, planned_rounds
from matchmaking.engine.teams import PRESETS, Candidates

COUNTRIES = np.array(["DE"] * 6 + ["PL"] * 3 + ["FI"] * 3 + ["SE"] * 2 + ["DK"] * 2)
FURTHER = np.array(["EE", "LT", "LV", "NO", "NL", "FR"])
ROUNDS = 6
NEEDS = 8
Fits = NDArray[np.float64]


def run(size: Size) -> None:
    """Print a table of rounds and one of teams."""
    _rounds(size)
    _teams(size)


def _timed(task: Callable[[], object], rounds: int) -> list[float]:
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        task()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _crowd(count: int, size: int) -> tuple[Event, Fits]:
    chance = np.random.default_rng(count)  # the same crowd every time
    countries = chance.choice(np.concatenate([COUNTRIES, FURTHER]), count)
    people = tuple(
        Person(
            row + 1,
            str(country),
            frozenset({str(chance.choice(["de", "pl", "ru", "sv"]))})
            | (frozenset({"en"}) if chance.random() < 0.85 else frozenset()),
        )
        for row, country in enumerate(countries)
    )
    return Event(people, frozenset(range(1, count + 1)), size), chance.random((count, count))


def _rounds(size: Size) -> None:
    rows = []
    for count in (50, 200, 500):
        for seats in (2, 3, 4):
            event, fit = _crowd(count, seats)
            live, waiting = [], 0
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                event = next_round(event, fit)
                live.append((time.perf_counter() - begun) * 1000)
                waiting += len(event.rounds[-1].waiting)
            # Every tenth stays away, and the round is mended while it runs.
            away = range(1, count, 10)
            change = _timed(partial(mended, event, fit, absent=away), size.rounds)
            fresh, fit = _crowd(count, seats)
            planned, better = "–", "–"
            if count <= 200:
                # Five seconds at most, where it is not proven before.
                ahead = partial(planned_rounds, fresh, fit, 1)
                planned = figure(_timed(ahead, size.rounds), 0)
                done = ahead()
                gain = _fit(done, fit) / _fit(next_round(fresh, fit), fit) - 1
                better = f"{gain:.1%}, {'proven' if done.rounds[0].is_proven else 'not proven'}"
            rows.append(
                (
                    f"{count} people, groups of {seats}",
                    figure(live),
                    waiting,
                    figure(change),
                    planned,
                    better,
                )
            )
    table(
        f"Meeting rounds, milliseconds a round ({ROUNDS} rounds)",
        ("", "live", "waits in all rounds", "mended", "planned ahead", "fits better than live"),
        rows,
    )


def _fit(event: Event, fit: Fits) -> float:
    """Over all who sit in the last round, the sum of their mean fit with their group."""
    return sum(
        float(fit[one - 1, other - 1] + fit[other - 1, one - 1]) / (len(group) - 1)
        for group in event.rounds[-1].groups
        for one, other in combinations(group, 2)
    )


def _among(mutual: Fits, rows: NDArray[np.intp]) -> Fits:
    return mutual[np.ix_(rows, rows)]


def _teams(size: Size) -> None:
    rows = []
    for count in (100, 1000, 5000):
        chance = np.random.default_rng(count)
        mutual = chance.random((count, count))
        mutual = (mutual + mutual.T) / 2
        # One pair in a hundred is never in one team.
        apart = np.triu(chance.random((count, count)) < 0.01, 1)
        candidates = Candidates(
            [str(code) for code in chance.choice(np.concatenate([COUNTRIES, FURTHER]), count)],
            chance.random((count, NEEDS)) < 0.15,
            chance.random(count),
            partial(_among, mutual),
            apart | apart.T,
        )
        for name, shape in PRESETS.items():
            task = partial(best_team, candidates, shape=shape, fixed=[0])
            team = task()
            share = f"{team.worth / team.bound:.2f}" if team.missing.is_empty else "–"
            rows.append(
                (
                    f"{name.replace('_', ' ')}: {shape.partners} of {count}",
                    figure(_timed(task, size.rounds)),
                    team.proof.value,
                    share,
                )
            )
    table(
        f"Teams that cover {NEEDS} needs, milliseconds",
        ("", "time", "proof", "worth of its bound"),
        rows,
    )
