"""What our suggestions are compared with: six well-known ways to rank partners.

Each gives a matrix of scores, a row per query and a column per candidate. A task whose data lack
what a method needs has it rank by chance.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

if TYPE_CHECKING:
    from benchmarks.cooperation import Task

Floats = NDArray[np.float64]
STRONG = ("popularity", "Adamic-Adar")
_WORD = re.compile(r"[^\W\d_]{3,}")
FACTORS, ROUNDS, TRUST, CALM = 32, 8, 20.0, 1.0
SEED = 5


def ranked(scores: Floats, closed: Sequence[NDArray[np.intp]], most: int) -> list[list[int]]:
    """Return the best candidates of each row but the closed ones; ties are drawn by lot."""
    chance = np.random.default_rng(SEED).random(scores.shape[1])
    found = []
    for row, away in zip(scores, closed, strict=True):
        row = row.astype(np.float64)  # noqa: PLW2901
        row[away] = -np.inf
        best = np.lexsort((chance, -row))[:most]
        found.append([int(who) for who in best if row[who] > -np.inf])
    return found


def by_chance(task: "Task") -> Floats:
    """By lot."""
    return np.random.default_rng(SEED).random((len(task.queries), len(task.profiles)))


def by_popularity(task: "Task") -> Floats:
    """By the number of partners so far."""
    partners = np.diff(_partners(task).indptr).astype(np.float64)
    return np.tile(partners, (len(task.queries), 1))


def by_sector(task: "Task") -> Floats:
    """By sectors in common; where there are none, by the same kind of organisation."""
    scores = np.zeros((len(task.queries), len(task.profiles)))
    for place, asking in enumerate(task.queries):
        for each in task.profiles:
            if asking.sectors:
                shared = len(asking.sectors & each.sectors)
                scores[place, each.id] = shared / math.sqrt(
                    len(asking.sectors) * max(1, len(each.sectors))
                )
            else:
                scores[place, each.id] = asking.kind == each.kind
    return scores


def by_words(task: "Task") -> Floats:
    """Cosine of TF-IDF (ltc.ltc, whole words) of the idea against all that a candidate did."""
    done: list[list[str]] = [[] for _ in task.profiles]
    for cooperation in task.cooperations:
        words = _words(text.words for text in cooperation.texts)
        for who in cooperation.members:
            done[who] += words
    held = [Counter(words) for words in done]
    holders = Counter(word for counts in held for word in counts)
    places = {word: number for number, word in enumerate(sorted(holders))}
    if not places:
        return by_chance(task)
    rare = np.array([math.log((1 + len(held)) / (1 + holders[word])) + 1 for word in places])
    asked = [Counter(_words(text.words for text in each.looking_for)) for each in task.queries]
    found: Floats = (_rows(asked, places, rare) @ _rows(held, places, rare).T).toarray()
    return found


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in _WORD.findall(text.casefold())]


def _rows(
    texts: list[Counter[str]], places: dict[str, int], rare: Floats
) -> scipy.sparse.csr_matrix:
    """Texts as rows of length one."""
    at, columns, values = [], [], []
    for place, counts in enumerate(texts):
        for word, count in counts.items():
            if word in places:
                at.append(place)
                columns.append(places[word])
                values.append((1 + math.log(count)) * rare[places[word]])
    matrix = scipy.sparse.csr_matrix((values, (at, columns)), shape=(len(texts), len(places)))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return scipy.sparse.diags(1 / np.maximum(lengths, 1e-12)) @ matrix


def by_common_partners(task: "Task") -> Floats:
    """Adamic and Adar's sum over common partners; an idea has none."""
    partners = _partners(task)
    degrees = np.diff(partners.indptr)
    weights = scipy.sparse.diags(1 / np.log(np.maximum(2, degrees)))
    scores = np.zeros((len(task.queries), len(task.profiles)))
    known = [place for place, asking in enumerate(task.queries) if asking.id >= 0]
    if known:
        rows = partners[[task.queries[place].id for place in known]]
        scores[known] = (rows @ weights @ partners).toarray()
    return scores


def by_factors(task: "Task") -> Floats:
    """Implicit alternating least squares on who took part in what (Hu, Koren, Volinsky 2008).

    Those who share what the factors say of their projects are near; an idea stands where the
    organisations of its programme and country stand.
    """
    taken = _taken(task)
    chance = np.random.default_rng(SEED)
    people = chance.normal(0, 0.1, (taken.shape[0], FACTORS))
    things = chance.normal(0, 0.1, (taken.shape[1], FACTORS))
    across = taken.T.tocsr()
    for _ in range(ROUNDS):
        people = _solved(taken, things)
        things = _solved(across, people)
    asking = np.zeros((len(task.queries), FACTORS))
    for place, query in enumerate(task.queries):
        asking[place] = people[query.id] if query.id >= 0 else _near(task, query.programmes, things)
    found: Floats = asking @ people.T
    return found


def _near(task: "Task", programmes: frozenset[str], things: Floats) -> Floats:
    """The mean of the projects of these programmes."""
    here = [n for n, each in enumerate(task.cooperations) if programmes & each.programmes]
    mean: Floats = things[here].mean(axis=0) if here else things.mean(axis=0)
    return mean


def _solved(taken: scipy.sparse.csr_matrix, fixed: Floats) -> Floats:
    """The best factors of the rows while those of the columns stand."""
    square = fixed.T @ fixed + CALM * np.eye(FACTORS)
    found = np.zeros((taken.shape[0], FACTORS))
    for row in range(taken.shape[0]):
        here = fixed[taken.indices[taken.indptr[row] : taken.indptr[row + 1]]]
        if len(here):
            found[row] = np.linalg.solve(
                square + TRUST * here.T @ here, (1 + TRUST) * here.sum(axis=0)
            )
    return found


def _taken(task: "Task") -> scipy.sparse.csr_matrix:
    """Who took part in what."""
    pairs = [(who, n) for n, each in enumerate(task.cooperations) for who in sorted(each.members)]
    at, columns = zip(*pairs, strict=True)
    shape = (len(task.profiles), len(task.cooperations))
    return scipy.sparse.csr_matrix((np.ones(len(at)), (at, columns)), shape=shape)


def _partners(task: "Task") -> scipy.sparse.csr_matrix:
    """Who was together in anything."""
    taken = _taken(task)
    together = (taken @ taken.T).tocoo()
    others = together.row != together.col
    entries = (np.ones(int(others.sum())), (together.row[others], together.col[others]))
    return scipy.sparse.csr_matrix(entries, shape=together.shape)


METHODS: dict[str, Callable[["Task"], Floats]] = {
    "random": by_chance,
    "popularity": by_popularity,
    "same sector": by_sector,
    "TF-IDF": by_words,
    "Adamic-Adar": by_common_partners,
    "implicit ALS": by_factors,
}
