"""Partners predicted from real cooperation: ``python -m benchmarks.matching [DIR] [--train-to Y]``.

Two tasks, asked of the product's own market with its default weights. *Interreg*: from the text of
a project's idea, its programme and where its lead partner sits, find the organisations of earlier
projects in other countries that really joined. *Horizon*: from what organisations did up to a year,
find with whom in another country each worked for the first time in the two years after. What a data
set does not know is left out of the profiles. Beside it: chance, popularity, same sector, TF-IDF,
Adamic-Adar and implicit alternating least squares, on the same queries.

The data are for evaluation only and not part of the repository; ``docs/matching.md`` has their
limits.
"""

import argparse
import csv
import gzip
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import baselines
from benchmarks.tables import table
from matchmaking.engine.columns import small_countries
from matchmaking.engine.market import Market
from matchmaking.engine.profiles import Cooperation, Profile, Text
from matchmaking.engine.weights import Settings

TOP = 10
QUERIES = 2500
"""Of so many queries a fixed draw is taken, so that a run ends within minutes."""

SEED = 20
RESAMPLES = 2000
LEAST, MOST = 2, 40
"""Members of a project; larger ones are programmes rather than partnerships."""

UNSEEN = Settings(small_part=0, newcomer_part=0)
"""The defaults without kept places, to see what these cost."""

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "cooperation"
Ranking = list[list[int]]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass
class Task:
    """What is known, who asks, and with whom they really worked.

    Attributes:
        name: Of the task.
        profiles: The candidates; their ids are 0, 1, 2 …
        cooperations: What they did together before.
        queries: Who asks: a candidate, or an idea whose id is none of theirs.
        truth: Per query, the ids of real partners in other countries.
    """

    name: str
    profiles: list[Profile]
    cooperations: list[Cooperation]
    queries: list[Profile] = field(default_factory=list)
    truth: list[set[int]] = field(default_factory=list)

    def closed(self) -> list[Places]:
        """Per query, the candidates that are no answer: of its own country, itself, known ones."""
        at_home: defaultdict[str, set[int]] = defaultdict(set)
        for each in self.profiles:
            at_home[each.country].add(each.id)
        known: defaultdict[int, set[int]] = defaultdict(set)
        for cooperation in self.cooperations:
            for who in cooperation.members:
                known[who] |= cooperation.members
        away = (at_home[each.country] | known[each.id] | {each.id} for each in self.queries)
        return [np.array(sorted(who for who in each if who >= 0), np.intp) for each in away]


def rows(folder: Path, stem: str) -> list[dict[str, str]]:
    """Read all files of this name, packed or not; an absent or empty cell is "".

    Raises:
        FileNotFoundError: There is none.
    """
    found = sorted([*folder.glob(f"{stem}*.csv.gz"), *folder.glob(f"{stem}*.csv")])
    if not found:
        missing = f"{folder} has no {stem}*.csv.gz"
        raise FileNotFoundError(missing)
    csv.field_size_limit(2**30)
    read: list[dict[str, str]] = []
    for path in found:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            read += (
                {key: (value or "").strip() for key, value in row.items() if key}
                for row in csv.DictReader(file)
            )
    return read


def interreg(folder: Path) -> Task:
    """Read the Interreg task: every project that is not history is an idea that asks."""
    return ideas(rows(folder, "interreg_projects"), rows(folder, "interreg_partners"))


def interreg_within_history(folder: Path) -> Task:
    """Read a task from history alone: its last third, by when it began, are the ideas."""
    projects = rows(folder, "interreg_projects")
    history = [row for row in projects if row["split"] == "history"]
    history.sort(key=lambda row: (row["start"], row["project"]))
    for row in history[len(history) * 2 // 3 :]:
        row["split"] = "idea"
    return ideas(history, rows(folder, "interreg_partners"))


def ideas(projects: list[dict[str, str]], members: list[dict[str, str]]) -> Task:
    """Make the Interreg task: every project that is not history is an idea that asks."""
    partners: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in members:
        partners[row["project"]].append(row | {"country": row["country"].casefold()})
    projects = sorted(projects, key=lambda row: row["project"])
    history = [row for row in projects if row["split"] == "history"]
    places: dict[str, int] = {}
    first: list[dict[str, str]] = []
    themes: list[set[str]] = []
    done = []
    for project in history:
        here: set[int] = set()
        for partner in partners[project["project"]]:
            name = partner["organisation"]
            if name not in places:
                places[name] = len(places)
                first.append(partner)
                themes.append(set())
            here.add(places[name])
            themes[places[name]] |= _themes(project)
        programmes = frozenset({project["programme"]} - {""})
        done.append(Cooperation(project["project"], frozenset(here), (_text(project),), programmes))
    task = Task(
        "Interreg",
        [
            Profile(
                id=number,
                country=partner["country"],
                region=partner["nuts2"],
                sectors=frozenset(themes[number]),
                kind=partner["legal"].casefold(),
            )
            for number, partner in enumerate(first)
        ],
        done,
    )
    for project in projects:
        lead = next((each for each in partners[project["project"]] if each["lead"] == "1"), None)
        if project["split"] == "history" or lead is None:
            continue
        idea = Profile(
            id=-1 - len(task.queries),
            country=lead["country"],
            region=lead["nuts2"],
            sectors=frozenset(_themes(project)),
            programmes=frozenset({project["programme"]} - {""}),
            kind=lead["legal"].casefold(),
            looking_for=(_text(project),),
        )
        joined = {places.get(each["organisation"], -1) for each in partners[project["project"]]}
        joined -= {-1, places.get(lead["organisation"], -1)}
        abroad = {who for who in joined if first[who]["country"] != lead["country"]}
        if abroad:
            task.queries.append(idea)
            task.truth.append(abroad)
    return task


def _themes(project: dict[str, str]) -> set[str]:
    return {theme.strip() for theme in project["themes"].split(";")} - {""}


def _text(project: dict[str, str]) -> Text:
    return Text("en", f"{project['title']}\n{project['description']}")


def horizon(folder: Path, train_to: int, tested: int = 2) -> Task:
    """Read the Horizon task: who has new partners abroad in the years after `train_to` asks.

    Args:
        folder: Where the files are.
        train_to: The last year that is known.
        tested: So many years after it are asked about.
    """
    members: defaultdict[str, set[str]] = defaultdict(set)
    begun: dict[str, int] = {}
    first: dict[str, dict[str, str]] = {}
    for row in rows(folder, "h2020_participations"):
        if not row["year"].isdigit():
            continue
        project, year = row["project"], int(row["year"])
        members[project].add(row["organisation"])
        begun[project] = min(year, begun.get(project, year))
        first.setdefault(row["organisation"], row)
    sized = [project for project in sorted(members) if LEAST <= len(members[project]) <= MOST]
    before = [project for project in sized if begun[project] <= train_to]
    after = [project for project in sized if train_to < begun[project] <= train_to + tested]
    names = sorted({name for project in before for name in members[project]})
    places = {name: number for number, name in enumerate(names)}
    task = Task(
        "Horizon",
        [
            Profile(id=places[name], country=first[name]["country"], kind=first[name]["type"])
            for name in names
        ],
        [
            Cooperation(project, frozenset(places[name] for name in members[project]))
            for project in before
        ],
    )
    met: defaultdict[int, set[int]] = defaultdict(set)
    for project in after:
        here = {places[name] for name in members[project] if name in places}
        for who in here:
            met[who] |= here
    everyone = replace(task, queries=[task.profiles[who] for who in sorted(met)])
    for asking, closed in zip(everyone.queries, everyone.closed(), strict=True):
        if new := met[asking.id] - set(closed.tolist()):
            task.queries.append(asking)
            task.truth.append(new)
    drawn = np.random.default_rng(SEED).permutation(len(task.queries))[:QUERIES]
    task.queries = [task.queries[place] for place in sorted(drawn)]
    task.truth = [task.truth[place] for place in sorted(drawn)]
    return task


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
    tasks: dict[str, Callable[[], Task]] = {
        "Interreg": lambda: interreg(folder),
        "Horizon": lambda: horizon(folder, year),
    }
    if chosen.choose:
        tasks = {
            "Interreg": lambda: interreg_within_history(folder),
            "Horizon": lambda: horizon(folder, year - 1, tested=1),
        }
    for name, read in tasks.items():
        begun, used = time.monotonic(), time.process_time()
        print(f"\n## {name}", flush=True)
        try:
            task = read()
        except FileNotFoundError as missing:
            print(f"Left out: {missing}")
            continue
        if not task.queries:
            print("Nobody asks: no later project has a known partner abroad.")
            continue
        results = report(task)
        _print_targets(name, results)
        took, cpu = time.monotonic() - begun, time.process_time() - used
        print(f"\n{took:.0f} s, {cpu:.0f} s of processor.", flush=True)


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
