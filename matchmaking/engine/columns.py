"""The profiles as columns, a row for each.

Invariants: a row that is free has expired before all time, so it is never anybody's. What is
calculated for all rows to find those worth a closer look has single precision, the look itself
double.
"""

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.bits import BitColumns, longer
from matchmaking.engine.profiles import Profile

Floats = NDArray[np.float64]
Rough = NDArray[np.float32]
ONE_SIDED = 0.5
"""What the needs of one side count where the other names none."""

_FIRST_ROWS = 64


class Columns:
    """What is known of each row.

    Attributes:
        row: Rows by id.
        ids: Ids by row.
        codes: Per field of codes, such as the country, the number of each code; "" is 0.
        numbers: Per such field, the number of each row's code.
        sets: Per field of sets, the bits.
        sizes: Per field of sets that are compared, how many codes each row has.
        roots: One over the roots of these, roughly; 0 for an empty set.
        silent: :data:`ONE_SIDED` where a row names no needs, else 0.
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
            name: BitColumns()
            for name in (
                "languages", "accepts", "sectors", "offers", "needs", "programmes", "sizes"
            )
        }  # fmt: skip
        compared = ("sectors", "offers", "needs")
        self.sizes = {name: np.zeros(0, np.uint16) for name in compared}
        self.roots = {name: np.zeros(0, np.float32) for name in compared}
        self.silent: Rough = np.zeros(0, np.float32)
        self.renewed: Floats = np.zeros(0)
        self.expires: Floats = np.zeros(0)
        self.joined: Floats = np.zeros(0)
        self.crowd: Counter[str] = Counter()
        self.used = 0
        self._free: list[int] = []

    def __len__(self) -> int:
        """Rows, the free ones included."""
        return len(self.ids)

    @property
    def size_bytes(self) -> int:
        """Bytes of all columns."""
        whole: list[NDArray[Any]] = [self.ids, self.silent, self.renewed, self.expires, self.joined]
        words = [column for bits in self.sets.values() for column in [*bits.columns, bits.is_open]]
        columns = [*whole, *words, *self.numbers.values()]
        columns += [*self.sizes.values(), *self.roots.values()]
        return sum(column.nbytes for column in columns)

    def put(self, profile: Profile, before: Profile | None) -> int:
        """Write a profile where the one before it stood; return its row."""
        if before is not None:
            row = self.row[profile.id]
            self._leave(before.country)
        else:
            row = self.row[profile.id] = self._free.pop() if self._free else self.used
            self.used = max(self.used, row + 1)
            if row >= len(self.ids):
                self._grow(max(_FIRST_ROWS, 2 * len(self.ids)))
        self.crowd[profile.country] += 1
        self.ids[row] = profile.id
        for name, codes in self.codes.items():
            value = getattr(profile, name)
            self.numbers[name][row] = codes.setdefault(value, len(codes))
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
        sectors = whole(profile.sectors)
        sets["sectors"].put(row, sectors)
        for name, held in (
            ("sectors", sectors), ("offers", profile.offers), ("needs", profile.needs)
        ):  # fmt: skip
            self.sizes[name][row] = len(held)
            self.roots[name][row] = root(len(held))
        self.silent[row] = 0.0 if profile.needs else ONE_SIDED
        self.renewed[row] = -math.inf if profile.renewed is None else profile.renewed
        self.expires[row] = math.inf if profile.expires is None else profile.expires
        self.joined[row] = -math.inf if profile.joined is None else profile.joined
        return row

    def drop(self, profile: Profile) -> int:
        """Free a profile's row, and return it."""
        row = self.row.pop(profile.id)
        self._leave(profile.country)
        self.expires[row] = -math.inf
        self._free.append(row)
        return row

    def _leave(self, country: str) -> None:
        self.crowd[country] -= 1
        if not self.crowd[country]:
            del self.crowd[country]

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
        self.sizes = {name: longer(column, rows) for name, column in self.sizes.items()}
        self.roots = {name: longer(column, rows) for name, column in self.roots.items()}
        self.silent = longer(self.silent, rows)
        self.renewed = longer(self.renewed, rows)
        self.expires = longer(self.expires, rows, -math.inf)
        self.joined = longer(self.joined, rows, -math.inf)


def whole(sectors: Iterable[str]) -> set[str]:
    """Return sectors with those that they are parts of."""
    return {code for each in sectors for code in (each, each.partition(".")[0])}


def root(size: int) -> float:
    """Return one over the root of a set's size, 0 for an empty set."""
    return 1 / math.sqrt(size) if size else 0.0
