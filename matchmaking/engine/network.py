"""Who worked with whom, and what follows from it.

Invariants: only those in the market count, nobody else is a partner or stands between two; sums are
of whole numbers, so they are exact in any order.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from matchmaking.engine.profiles import Cooperation, Profile

BOND = 256
"""What a bond of one is written as: two who did one thing alone together."""

BETWEEN = 4096
"""What a weight of one of somebody between two is written as."""

LARGEST = 100
"""With more members, those of a cooperation need not know each other: it makes no bonds."""

DOUBT = 2.0
"""So many bonds, as chance has them, are added to what was seen between two groups."""

LIFTED = ("country", "region", "kind")


def bond(members: int) -> int:
    """Return how strongly a cooperation binds two of so many, in units."""
    return round(BOND / math.sqrt(members - 1)) if 2 <= members <= LARGEST else 0  # noqa: PLR2004


def between(bonds: int) -> int:
    """Return how much somebody with so many units of bonds says of two he works with.

    After Adamic and Adar (Friends and neighbors on the Web, 2003), with bonds for neighbours.
    """
    return round(BETWEEN / math.log(2 + bonds / BOND))


def lifted(seen: float, expected: float) -> float:
    """Return how far two groups cooperate beyond chance, 0 to 1: half is twice as often."""
    ratio = (seen + DOUBT) / (expected + DOUBT)
    return max(0.0, 1 - 1 / ratio)


class Network:
    """The cooperation of those in the market, by row, counted anew after a change.

    Attributes:
        experience: In how many cooperations each row took part.
        most_experience: The most of these.
        partners: With how many others.
    """

    def __init__(self, profiles: Mapping[int, Profile], rows: Mapping[int, int]) -> None:
        self._profiles, self._row = profiles, rows
        self._known: dict[str, Cooperation] = {}
        self._times: Counter[int] = Counter()
        self._of: defaultdict[int, set[str]] = defaultdict(set)
        self._is_stale = True
        self.experience: NDArray[np.int64] = np.zeros(0, np.int64)
        self.most_experience = 0
        self.partners: NDArray[np.float64] = np.zeros(0)
        self._bonds = scipy.sparse.csr_matrix((0, 0), dtype=np.int64)
        self._between: NDArray[np.int64] = np.zeros(0, np.int64)
        self._programmes: dict[str, Counter[int]] = {}
        self._codes: dict[str, dict[str, int]] = {}
        self._pairs: dict[str, scipy.sparse.csr_matrix] = {}
        self._sides: dict[str, NDArray[np.int64]] = {}

    def put(self, cooperation: Cooperation) -> None:
        """Add a cooperation, or replace the one of the same key."""
        self.drop(cooperation.key)
        self._known[cooperation.key] = cooperation
        for who in cooperation.members:
            self._of[who].add(cooperation.key)
        self._is_stale = True

    def drop(self, key: str) -> Cooperation | None:
        """Forget a cooperation."""
        gone = self._known.pop(key, None)
        for who in gone.members if gone else ():
            self._of[who].discard(key)
        self._is_stale = self._is_stale or gone is not None
        return gone

    def changed(self, who: int) -> None:
        """Say that somebody came, went, or moved."""
        self._is_stale = self._is_stale or bool(self._of.get(who))

    def cooperations(self, who: int) -> list[Cooperation]:
        """Return what one took part in, by key."""
        return [self._known[key] for key in sorted(self._of.get(who, ()))]

    def partners_of(self, who: int) -> set[int]:
        """Return all with whom one did something together, in the market or not."""
        small = (each for each in self.cooperations(who) if len(each.members) <= LARGEST)
        return {other for each in small for other in each.members} - {who}

    def count(self, rows: int) -> None:
        """Bring what is counted up to date, for so many rows; cheap where nothing changed."""
        if not self._is_stale and len(self.experience) == rows:
            return
        self.experience = np.zeros(rows, np.int64)
        programmes: defaultdict[str, Counter[int]] = defaultdict(Counter)
        members: list[int] = []
        ends, weights = [0], []
        for cooperation in self._known.values():
            here = [self._row[who] for who in cooperation.members if who in self._row]
            for row in here:
                self.experience[row] += 1
            for programme in cooperation.programmes:
                programmes[programme].update(here)
            if weight := bond(len(here)):
                members += here
                ends.append(len(members))
                weights.append(weight)
        self.most_experience = int(self.experience.max(initial=0))
        self._programmes = dict(programmes)
        taken = scipy.sparse.csr_matrix(
            (np.ones(len(members), np.int64), members, ends), shape=(len(weights), rows)
        )
        scale = scipy.sparse.diags(np.array(weights, np.int64), dtype=np.int64)
        counted = (taken.T @ scale @ taken).tocoo()
        others = counted.row != counted.col
        entries = (counted.data[others], (counted.row[others], counted.col[others]))
        bonds = self._bonds = scipy.sparse.csr_matrix(entries, shape=(rows, rows))
        self.partners = np.diff(bonds.indptr).astype(np.float64)
        sums = np.asarray(bonds.sum(axis=1)).ravel().tolist()
        self._between = np.array([between(each) if each else 0 for each in sums], np.int64)
        self._count_pairs(rows)
        self._is_stale = False

    def closeness(self, row: int | None) -> NDArray[np.float64] | None:
        """Return by row how close all are to one through common partners; None where nobody is."""
        if row is None or not self.partners[row]:
            return None
        bonds = self._bonds
        near = slice(bonds.indptr[row], bonds.indptr[row + 1])
        between_them = bonds.indices[near]
        strength = bonds.data[near] * self._between[between_them]
        starts, ends = bonds.indptr[between_them], bonds.indptr[between_them + 1]
        sizes = ends - starts
        # The entries of all those rows, one row after another.
        places = np.arange(sizes.sum()) + np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
        weights = np.repeat(strength, sizes) * bonds.data[places]
        total = np.bincount(bonds.indices[places], weights, minlength=bonds.shape[0])
        close: NDArray[np.float64] = total / float(BOND * BOND * BETWEEN)
        return close

    def in_programme(self, programme: str) -> Counter[int]:
        """Return how often each row cooperated within a funding programme."""
        return self._programmes.get(programme, Counter())

    def lifts(self, what: str, value: str) -> dict[str, float]:
        """Return how far groups cooperate with this one beyond chance; those that do not are 0.

        Args:
            what: One of :data:`LIFTED`.
            value: The group, such as a country.
        """
        codes = self._codes.get(what, {})
        place, sides = codes.get(value), self._sides.get(what)
        if place is None or sides is None:
            return {}
        row = self._pairs[what][place]
        total = int(sides.sum())
        names = list(codes)
        return {
            names[other]: lifted(int(seen), int(sides[place]) * int(sides[other]) / total)
            for other, seen in zip(row.indices.tolist(), row.data.tolist(), strict=True)
        }

    def _count_pairs(self, rows: int) -> None:
        """Count bonds between countries, regions and kinds, of different countries only."""
        pairs = self._bonds.tocoo()
        fields: dict[str, NDArray[np.int64]] = {}
        self._codes, self._pairs, self._sides = {}, {}, {}
        busy = np.flatnonzero(self.partners).tolist()
        at = {row: who for who, row in self._row.items()}
        for what in LIFTED:
            codes = self._codes[what] = {"": 0}
            values = fields[what] = np.zeros(rows, np.int64)
            for row in busy:
                value = getattr(self._profiles[at[row]], what)
                values[row] = codes.setdefault(value, len(codes))
        country = fields["country"]
        abroad = country[pairs.row] != country[pairs.col]
        one, two = pairs.row[abroad], pairs.col[abroad]
        for what in LIFTED:
            mine, theirs, size = fields[what][one], fields[what][two], len(self._codes[what])
            known = (mine > 0) & (theirs > 0)
            counted = scipy.sparse.coo_matrix(
                (np.ones(int(known.sum()), np.int64), (mine[known], theirs[known])),
                shape=(size, size),
            ).tocsr()
            self._pairs[what] = counted
            self._sides[what] = np.asarray(counted.sum(axis=1)).ravel()
