"""Real cooperation as tasks: who asks, from what is known until then, and with whom they worked.

*Interreg*: from the text of a project's idea, its programme and where its lead partner sits, find
the organisations of earlier projects in other countries that really joined. *Horizon*: from what
organisations did up to a year, find with whom in another country each worked for the first time in
the two years after. What a data set does not know is left out of the profiles. The data are for
evaluation only and not part of the repository; ``docs/matching.md`` has their limits.
"""

import csv
import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.profiles import Cooperation, Profile, Text

QUERIES = 2500
"""Of so many queries a fixed draw is taken, so that a run ends within minutes."""

SEED = 20
LEAST, MOST = 2, 40
"""Members of a project; larger ones are programmes rather than partnerships."""

COLUMNS = {
    "interreg_projects": {
        "project": True, "split": True, "start": False, "programme": False, "title": False,
        "themes": False, "description": False,
    },
    "interreg_partners": {
        "project": True, "organisation": True, "country": True, "lead": True, "nuts2": False,
        "legal": False,
    },
    "h2020_participations": {
        "project": True, "organisation": True, "country": True, "year": True, "type": False,
    },
}  # fmt: skip
"""The columns that are read of each file, and which of them it must have."""

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "cooperation"
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


class UnusableError(Exception):
    """Files are missing, or are not what a task is made of."""


def rows(folder: Path, stem: str) -> list[dict[str, str]]:
    """Read all files of this name, packed or not, of both the packed one alone.

    A cell that is absent or empty is "", and so is a column that a task can do without; a row that
    does not say which project or organisation it is about is left out.

    Raises:
        UnusableError: There is none, one cannot be read, or lacks a column.
    """
    paths = [*folder.glob(f"{stem}*.csv"), *folder.glob(f"{stem}*.csv.gz")]
    found = {path.name.removesuffix(".gz"): path for path in sorted(paths)}
    if not found:
        missing = f"{folder} has no {stem}*.csv.gz"
        raise UnusableError(missing)
    return [row for name in sorted(found) for row in _rows(found[name], COLUMNS[stem])]


def _rows(path: Path, columns: dict[str, bool]) -> Iterator[dict[str, str]]:
    csv.field_size_limit(2**30)
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            read = csv.DictReader(file)
            lacks = [
                name for name in columns if columns[name] and name not in (read.fieldnames or ())
            ]
            if lacks:
                wrong = f"{path.name} has no column {', '.join(lacks)}"
                raise UnusableError(wrong)
            for cells in read:
                row = {name: (cells.get(name) or "").strip() for name in columns}
                if row["project"] and row.get("organisation", "named"):
                    yield row
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        wrong = f"{path.name} cannot be read: {error}"
        raise UnusableError(wrong) from error


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
    # One that stands twice is one, as it stands last.
    projects = list({row["project"]: row for row in projects}.values())
    projects.sort(key=lambda row: row["project"])
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
    # The earliest first: what is said of an organisation later is not known before.
    for row in sorted(rows(folder, "h2020_participations"), key=lambda row: row["year"]):
        if not (row["year"].isascii() and row["year"].isdigit()):
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
