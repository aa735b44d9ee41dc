"""Sets of codes as bits, one column of 64-bit words after another.

Invariants: a code keeps its place for good; a row that is open holds every code, those not yet
known included. Words are unsigned and never negated, which would wrap; counts of bits have eight
bits and are made wide before anything is calculated with them: the root of such a count would have
sixteen.
"""

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Counts = NDArray[np.unsignedinteger[Any]]
_EVERY = (1 << 64) - 1


class BitColumns:
    """One set of codes per row.

    Attributes:
        places: Place of each code.
        columns: Words of all rows: the first 64 codes, the next 64, and so on.
        is_open: Rows that hold every code but some.
    """

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.columns: list[Words] = [np.zeros(0, np.uint64)]
        self.is_open = np.zeros(0, np.bool_)

    def grow(self, rows: int) -> None:
        """Make room for so many rows; new ones are empty."""
        self.columns = [longer(column, rows) for column in self.columns]
        self.is_open = longer(self.is_open, rows)

    def put(self, row: int, codes: Iterable[str]) -> None:
        """Say that a row holds these codes."""
        self.is_open[row] = False
        self._write(row, self._bits(codes))

    def put_open(self, row: int, missing: Iterable[str] = ()) -> None:
        """Say that a row holds every code but these."""
        bits = self._bits(missing)
        self.is_open[row] = True
        self._write(row, ~bits)

    def clear(self, row: int) -> None:
        """Say that a row holds nothing."""
        self.is_open[row] = False
        self._write(row, 0)

    def mask(self, codes: Iterable[str]) -> list[np.uint64]:
        """Return the words of a set; codes that no row ever named are left out."""
        bits = 0
        for code in codes:
            place = self.places.get(code)
            if place is not None:
                bits |= 1 << place
        return [np.uint64(bits >> 64 * word & _EVERY) for word in range(len(self.columns))]

    def meeting(self, mask: Collection[np.uint64], rows: Any) -> NDArray[np.bool_]:
        """Return which of the rows hold a code of this mask, or are open."""
        found: NDArray[np.bool_] | None = None
        for word, column in zip(mask, self.columns, strict=True):
            if word:
                here = (column[rows] & word) != 0
                found = here if found is None else found | here
        return self.is_open[rows] if found is None else found

    def common(self, mask: Collection[np.uint64], rows: Any) -> Counts | None:
        """Return how many codes of this mask each of the rows holds; None where none holds any."""
        counts: Counts | None = None
        for word, column in zip(mask, self.columns, strict=True):
            if word:
                here = np.bitwise_count(column[rows] & word)
                counts = here if counts is None else np.add(counts, here, dtype=np.uint16)
        return counts

    def _bits(self, codes: Iterable[str]) -> int:
        bits = 0
        for code in codes:
            place = self.places.get(code)
            bits |= 1 << (self._place(code) if place is None else place)
        return bits

    def _place(self, code: str) -> int:
        place = self.places[code] = len(self.places)
        if place // 64 >= len(self.columns):
            self.columns.append(np.where(self.is_open, np.uint64(_EVERY), np.uint64(0)))
        return place

    def _write(self, row: int, bits: int) -> None:
        for word, column in enumerate(self.columns):
            column[row] = bits >> 64 * word & _EVERY


def longer(column: NDArray[Any], rows: int, fill: Any = 0) -> NDArray[Any]:
    """Return a column of so many rows that begins with this one."""
    grown = np.full(rows, fill, column.dtype)
    grown[: len(column)] = column
    return grown
