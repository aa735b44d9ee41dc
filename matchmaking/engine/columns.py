"""The profiles as columns, a row for each.

Invariants: a row that is free holds nothing and has expired before all time, so it is never
anybody's. What is calculated for all rows to find those worth a closer look has single precision,
the look itself double.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.bits import BitSets, Distinct, longer
from matchmaking.engine.profiles import Profile

Floats = NDArray[np.float64]
Rough = NDArray[np.float32]
ONE_SIDED = 0.5
"""What the needs of one side count where the other names none."""

_FIRST_ROWS = 64


class Gates(Distinct[tuple[int, int, int]]):
    """What the rules look at: a row's country, languages and the countries that it takes."""

    def __init__(self) -> None:
        super().__init__((0, 0, 0))
        self._parts = np.zeros((3, _FIRST_ROWS), np.intp)

    @property
    def size_bytes(self) -> int:
        """Bytes of all arrays."""
        return self.number.nbytes + self._parts.nbytes

    @property
    def parts(self) -> NDArray[np.intp]:
        """By gate, numbers of the country, of the set of languages and of that of countries."""
        return self._parts[:, : len(self)]

    def put(self, row: int, country: int, languages: int, accepts: int) -> None:
        """Say what the rules look at in a row."""
        parts = (country, languages, accepts)
        number = self.hold(row, parts)
        if number is None:
            return
        if number >= self._parts.shape[1]:
            more = np.zeros_like(self._parts)
            self._parts = np.concatenate([self._parts, more], axis=1)
        self._parts[:, number] = parts


class Columns:
    """What is known of each row.

    Attributes:
        row: Rows by id.
        ids: Ids by row.
        codes: Per field of codes, such as the country, the number of each code; "" is 0.
        numbers: Per such field, the number of each row's code.
        sets: Per field of sets, the bits.
        gates: What the rules look at.
        stretch: What one over the needs that a row meets is taken times: 1, or more where it names
            none itself, so that :data:`ONE_SIDED` is left of them.
        renewed: When it was confirmed; expires: until when; joined: when it came.
        crowd: How many profiles there are of each country.
        used: Rows up to here were ever used.
    """

    def __init__(self) -> None:
        self.row: dict[int, int] = {}
        self.ids: NDArray[np.int64] = np.zeros(0, np.int64)
        self.codes: dict[str, dict[str, int]] = {}
        self.numbers: dict[str, NDArray[Any]] = {}
        for name, kind in (
            ("country", np.uint16), ("region", np.uint32), ("kind", np.uint16), ("size", np.uint16)
        ):  # fmt: skip
            self.codes[name] = {"": 0}
            self.numbers[name] = np.zeros(0, kind)
        self.sets = {
            name: BitSets()
            for name in (
                "languages", "accepts", "sectors", "offers", "needs", "programmes", "sizes"
            )
        }  # fmt: skip
        self.gates = Gates()
        self.stretch: Rough = np.zeros(0, np.float32)
        self.renewed: Floats = np.zeros(0)
        self.expires: Floats = np.zeros(0)
        self.joined: Floats = np.zeros(0)
        self.crowd: Counter[str] = Counter()
        self.used = 0
        self._free: list[int] = []
        self._smallest: dict[tuple[float, ...], list[set[str]]] = {}

    def __len__(self) -> int:
        """Rows, the free ones included."""
        return len(self.ids)

    @property
    def size_bytes(self) -> int:
        """Bytes of all columns."""
        moments = (self.renewed, self.expires, self.joined)
        columns: list[NDArray[Any]] = [self.ids, self.stretch, *moments, *self.numbers.values()]
        shared = self.gates.size_bytes + sum(each.size_bytes for each in self.sets.values())
        return shared + sum(column.nbytes for column in columns)

    def put(self, profile: Profile, before: Profile | None) -> int:
        """Write a profile where the one before it stood; return its row."""
        if before is not None:
            row = self.row[profile.id]
            self._count(before.country, -1)
        else:
            row = self.row[profile.id] = self._free.pop() if self._free else self.used
            self.used = max(self.used, row + 1)
            if row >= len(self.ids):
                self._grow(max(_FIRST_ROWS, 2 * len(self.ids)))
        self._count(profile.country, 1)
        self.ids[row] = profile.id
        for name, codes in self.codes.items():
            value = getattr(profile, name)
            self.numbers[name][row] = codes.setdefault(value, len(codes))
        self._put_sets(row, profile)
        self.stretch[row] = 1.0 if profile.needs else 2 / ONE_SIDED
        self.renewed[row] = -math.inf if profile.renewed is None else profile.renewed
        self.expires[row] = math.inf if profile.expires is None else profile.expires
        self.joined[row] = -math.inf if profile.joined is None else profile.joined
        return row

    def drop(self, profile: Profile) -> int:
        """Free a profile's row, and return it."""
        row = self.row.pop(profile.id)
        self._count(profile.country, -1)
        for bits in self.sets.values():
            bits.put(row, ())
        self.gates.put(row, 0, 0, 0)
        self.expires[row] = -math.inf
        self._free.append(row)
        return row

    def _put_sets(self, row: int, profile: Profile) -> None:
        sets = self.sets
        if profile.languages:
            sets["languages"].put(row, profile.languages)
        else:
            sets["languages"].put_open(row)
        if profile.wanted:
            sets["accepts"].put(row, profile.wanted - profile.excluded)
        else:
            sets["accepts"].put_open(row, profile.excluded)
        for name in ("offers", "needs", "programmes", "sizes"):
            sets[name].put(row, getattr(profile, name))
        sets["sectors"].put(row, whole(profile.sectors))
        self.gates.put(
            row,
            int(self.numbers["country"][row]),
            int(sets["languages"].number[row]),
            int(sets["accepts"].number[row]),
        )

    def smallest(self, shares: Sequence[float]) -> list[set[str]]:
        """As `small_countries`, of all profiles; made anew only after some came or went."""
        key = tuple(shares)
        if key not in self._smallest:
            self._smallest = {key: small_countries(self.crowd, shares)}
        return self._smallest[key]

    def _count(self, country: str, more: int) -> None:
        self.crowd[country] += more
        if not self.crowd[country]:
            del self.crowd[country]
        self._smallest = {}

    def by_code(self, name: str, values: dict[str, float]) -> Floats:
        """Return a table from the numbers of a field's codes to values, 0 where none is given."""
        codes = self.codes[name]
        table = np.zeros(len(codes))
        for code, value in values.items():
            if code in codes:
                table[codes[code]] = value
        return table

    def among(self, name: str, chosen: Iterable[str]) -> NDArray[np.bool_]:
        """Return a table from the numbers of a field's codes to whether they are chosen."""
        codes = self.codes[name]
        table = np.zeros(len(codes), np.bool_)
        table[[codes[code] for code in chosen if code in codes]] = True
        return table

    def _grow(self, rows: int) -> None:
        self.ids = longer(self.ids, rows)
        self.numbers = {name: longer(column, rows) for name, column in self.numbers.items()}
        for bits in self.sets.values():
            bits.grow(rows)
        self.gates.grow(rows)
        self.stretch = longer(self.stretch, rows)
        self.renewed = longer(self.renewed, rows)
        self.expires = longer(self.expires, rows, -math.inf)
        self.joined = longer(self.joined, rows, -math.inf)


def whole(sectors: Iterable[str]) -> set[str]:
    """Return sectors with those that they are parts of."""
    return {code for each in sectors for code in (each, each.partition(".")[0])}


def small_countries(crowd: Counter[str], shares: Iterable[float]) -> list[set[str]]:
    """Return the countries that from the smallest on hold at most these shares of a crowd.

    Args:
        crowd: Number of profiles of each country.
        shares: From the smallest.
    """
    order = sorted(crowd, key=lambda code: (crowd[code], code))
    total = sum(crowd.values())
    ends = list(accumulate(crowd[code] for code in order))
    return [set(order[: bisect_right(ends, share * total)]) for share in shares]
