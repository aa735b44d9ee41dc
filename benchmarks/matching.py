"""Partners predicted from real cooperation: ``python -m benchmarks.matching [DIR] [--train-to Y]``.

The two tasks of :mod:`benchmarks.cooperation`, asked of the product's own market with its default
weights. Beside it: chance, popularity, same sector, TF-IDF, Adamic-Adar and implicit alternating
least squares, on the same queries.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import baselines
from benchmarks.cooperation import (
    FOLDER,
    SEED,
    Task,
    UnusableError,
    horizon,
    interreg,
    interreg_within_history,
)
from benchmarks.tables import table
from matchmaking.engine.columns import small_countries
from matchmaking.engine.market import Market
from matchmaking.engine.weights import Settings

TOP = 10
RESAMPLES = 2000

UNSEEN = Settings(small_part=0, newcomer_part=0)
"""The defaults without kept places, to see what these cost."""

Ranking = list[list[int]]
Floats = NDArray[np.float64]


def ours(task: Task, settings: Settings) -> Ranking:
    """Ask the product's market."""
    market = Market(task.profiles, task.cooperations, settings)
    return [[each.id for each in market.suggest_for(asking, TOP, 0.0)] for asking in task.queries]


@dataclass(frozen=True)
class Result:
    """How well one method did.

    Attributes:
        hits: Per query, 1.0 where a real partner is among the ten.
        gains: Per query, nDCG of the ten.
        coverage: Share of the candidates that anybody was suggested.
        exposure: Suggestions of each country.
    """

    hits: Floats
    gains: Floats
    coverage: float
    exposure: Counter[str]


def judged(task: Task, ranking: Ranking) -> Result:
    """Compare the first ten of each list with the truth."""
    discounts = 1 / np.log2(np.arange(2, TOP + 2))
    hits, gains = [], []
    exposure: Counter[str] = Counter()
    seen: set[int] = set()
    for found, truth in zip(ranking, task.truth, strict=True):
        right = np.array([who in truth for who in found[:TOP]], np.float64)
        best = discounts[: min(TOP, len(truth))].sum()
        hits.append(float(right.any()))
        gains.append(float(right @ discounts[: len(right)]) / best)
        exposure.update(task.profiles[who].country for who in found[:TOP])
        seen.update(found[:TOP])
    coverage = len(seen) / len(task.profiles)
    return Result(np.array(hits), np.array(gains), coverage, exposure)


def interval(one: Floats, other: Floats) -> tuple[float, float, float]:
    """Return the mean difference of paired figures, and its 95 % interval by bootstrap."""
    difference = one - other
    chance = np.random.default_rng(SEED)
    drawn = chance.integers(0, len(difference), (RESAMPLES, len(difference)))
    means = difference[drawn].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(difference.mean()), float(low), float(high)


def report(task: Task) -> dict[str, Result]:
    """Print the tables of a task, and return the results by method."""
    closed = task.closed()
    methods: dict[str, Ranking] = {
        "ours": ours(task, Settings()),
        "ours, no place kept": ours(task, UNSEEN),
    }
    for name, rank in baselines.METHODS.items():
        methods[name] = baselines.ranked(rank(task), closed, TOP)
    results = {name: judged(task, ranking) for name, ranking in methods.items()}
    mine = results["ours"]
    lines = []
    for name, result in results.items():
        cells = [name, f"{result.hits.mean():.3f}"]
        cells += ["–" if name == "ours" else _signed(interval(mine.hits, result.hits))]
        cells += [f"{result.gains.mean():.3f}"]
        cells += ["–" if name == "ours" else _signed(interval(mine.gains, result.gains))]
        cells += [f"{result.coverage:.3f}"]
        lines.append(cells)
    table(
        f"{task.name}: {len(task.queries)} queries, {len(task.profiles)} candidates",
        ("method", "hit@10", "ours more by", "nDCG@10", "ours more by", "coverage"),
        lines,
    )
    _print_exposure(task, results)
    return results


def _signed(difference: tuple[float, float, float]) -> str:
    return "{:+.3f} [{:+.3f}, {:+.3f}]".format(*difference)


def _print_exposure(task: Task, results: dict[str, Result]) -> None:
    """Print who is suggested: small countries by three measures, then every country."""
    crowd = Counter(each.country for each in task.profiles)
    half = sorted(crowd.values())[len(crowd) // 2]
    groups = {
        "below the median country": {code for code in crowd if crowd[code] < half},
        "smallest with a quarter": small_countries(crowd, [0.25])[0],
        "smallest with a half": small_countries(crowd, [0.50])[0],
    }
    shown = ("ours", "ours, no place kept", *baselines.STRONG)
    lines = []
    for name, countries in groups.items():
        cells = [name, str(len(countries)), f"{_share(crowd, countries):.3f}"]
        for method in shown:
            part = _share(results[method].exposure, countries)
            cells.append(f"{part / max(1e-9, _share(crowd, countries)):.2f}")
        lines.append(cells)
    table(
        f"{task.name}: share of suggestions of small countries over their share of candidates",
        ("countries", "number", "share of candidates", *shown),
        lines,
    )
    kept, plain = results["ours"].gains.mean(), results["ours, no place kept"].gains.mean()
    print(f"\nKept places cost {100 * (1 - kept / max(1e-9, plain)):.1f} % of nDCG@10.")
    total, suggested = sum(crowd.values()), results["ours"].exposure
    table(
        f"{task.name}: exposure by country",
        ("country", "share of candidates", "share of our suggestions", "ratio"),
        [
            (
                country,
                f"{count / total:.4f}",
                f"{_share(suggested, [country]):.4f}",
                f"{_share(suggested, [country]) * total / count:.2f}",
            )
            for country, count in sorted(crowd.items(), key=lambda each: (-each[1], each[0]))
        ],
    )


def _share(counts: Counter[str], chosen: Iterable[str]) -> float:
    return sum(counts[each] for each in chosen) / max(1, sum(counts.values()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, predict, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, metavar="DIR")
    parser.add_argument("--train-to", type=int, default=2016, metavar="YEAR")
    parser.add_argument(
        "--choose",
        action="store_true",
        help="ask within what is known: the last third of Interreg's history, Horizon's last year",
    )
    chosen = parser.parse_args(arguments)
    folder, year = chosen.folder, chosen.train_to
    if not folder.is_dir():
        parser.error(f"{folder} is no folder")
    tasks: dict[str, Callable[[], Task]] = {
        "Interreg": lambda: interreg(folder),
        "Horizon": lambda: horizon(folder, year),
    }
    if chosen.choose:
        tasks = {
            "Interreg": lambda: interreg_within_history(folder),
            "Horizon": lambda: horizon(folder, year - 1, tested=1),
        }
    judges = False
    for name, read in tasks.items():
        begun, used = time.monotonic(), time.process_time()
        print(f"\n## {name}", flush=True)
        try:
            task = read()
        except UnusableError as wrong:
            print(f"Left out: {wrong}.")
            continue
        if not task.queries:
            print("Nobody asks: no later project has a known partner abroad.")
            continue
        judges = True
        results = report(task)
        _print_targets(name, results)
        took, cpu = time.monotonic() - begun, time.process_time() - used
        print(f"\n{took:.0f} s, {cpu:.0f} s of processor.", flush=True)
    if not judges:
        parser.exit(1, "Nothing could be judged.\n")


def _print_targets(name: str, results: dict[str, Result]) -> None:
    mine = results["ours"].hits
    if name == "Interreg":
        theirs = results["TF-IDF"].hits.mean()
        print(f"\nhit@10 is {mine.mean() / max(1e-9, theirs):.2f} times that of TF-IDF.")
    else:
        gain = _signed(interval(mine, results["Adamic-Adar"].hits))
        print(f"\nhit@10 over Adamic-Adar: {gain}.")


if __name__ == "__main__":
    main(sys.argv[1:])
