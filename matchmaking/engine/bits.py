"""Sets of codes as bits, one column of 64-bit words after another.

Invariants: a code keeps its place for good; a row that is open holds every code, those not yet
known included. Words are unsigned: they are inverted with ``~``, never negated, and counts of bits
are made wide before a root is drawn of them, which else would be of 16 bits.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
_EVERY = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class BitColumns:
    """One set of codes per row.

    Attributes:
        places: Place of each code.
        columns: Words of all rows: the first 64 codes, the next 64, and so on.
    """

    def __init__(self, rows: int) -> None:
        self.places: dict[str, int] = {}
        self.columns: list[Words] = [np.zeros(rows, np.uint64)]
        self._open = np.zeros(rows, np.bool_)

    def grow(self, rows: int) -> None:
        """Make room for so many rows; new ones are empty."""
        self.columns = [_longer(column, rows) for column in self.columns]
        self._open = _longer(self._open, rows)

    def put(self, row: int, codes: Iterable[str], *, without: Iterable[str] | None = None) -> None:
        """Say what a row holds: these codes, or with ``without`` every code but those."""
        is_open = without is not None
        places = [self._place(code) for code in (without if without is not None else codes)]
        self._open[row] = is_open
        for word, column in enumerate(self.columns):
            bits = sum(1 << place % 64 for place in set(places) if place // 64 == word)
            column[row] = ~np.uint64(bits) if is_open else np.uint64(bits)

    def of(self, row: int) -> list[np.uint64]:
        """Return the words of one row."""
        return [column[row] for column in self.columns]

    def mask(self, codes: Iterable[str]) -> list[np.uint64]:
        """Return the words of a set; codes that no row ever named are left out."""
        words = [0] * len(self.columns)
        for code in codes:
            place = self.places.get(code)
            if place is not None:
                words[place // 64] |= 1 << place % 64
        return [np.uint64(word) for word in words]

    def meeting(self, words: Iterable[np.uint64], rows: slice) -> NDArray[np.bool_]:
        """Return which rows share a code with these words."""
        found: NDArray[np.bool_] | None = None
        for word, column in zip(words, self.columns, strict=True):
            if word:
                here = (column[rows] & word) != 0
                found = here if found is None else found | here
        return np.zeros(len(self.columns[0][rows]), np.bool_) if found is None else found

    def common(self, words: Iterable[np.uint64], rows: slice) -> NDArray[np.uint8]:
        """Return how many codes each row shares with these words; at most 255."""
        counts = np.zeros(len(self.columns[0][rows]), np.uint8)
        for word, column in zip(words, self.columns, strict=True):
            if word:
                counts += np.bitwise_count(column[rows] & word)
        return counts

    def holding(self, code: str, rows: slice) -> NDArray[np.bool_]:
        """Return which rows hold a code."""
        place = self._place(code)
        found: NDArray[np.bool_] = (
            self.columns[place // 64][rows] & np.uint64(1 << place % 64)
        ) != 0
        return found

    def _place(self, code: str) -> int:
        place = self.places.setdefault(code, len(self.places))
        while place // 64 >= len(self.columns):
            self.columns.append(np.where(self._open, _EVERY, np.uint64(0)))
        return place


def _longer(column: NDArray[np.generic], rows: int) -> NDArray[np.generic]:
    longer = np.zeros(rows, column.dtype)
    longer[: len(column)] = column
    return longer
