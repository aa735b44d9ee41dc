"""Sets of codes as bits; sets that are equal are held once.

Invariants: a code keeps its place for good; a set that is open holds every code, those not yet
known included. Words are unsigned and never negated, which would wrap; counts of bits have eight
bits and are made wide before anything is calculated with them: the root of such a count would have
sixteen.
"""

import math
from collections.abc import Collection, Hashable, Iterable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Counts = NDArray[np.unsignedinteger[Any]]
Value = TypeVar("Value", bound=Hashable)
_EVERY = (1 << 64) - 1
_FIRST = 64


class Distinct(Generic[Value]):
    """Values of rows by number, so that what follows from a value is calculated once for all rows.

    Number 0 is the value of every new row and stays; another is free again once no row has it.

    Attributes:
        number: Of each row's value.
    """

    def __init__(self, first: Value) -> None:
        self.number: NDArray[np.intp] = np.zeros(0, np.intp)
        self._numbers = {first: 0}
        self._values = [first]
        self._rows = [0]
        self._free: list[int] = []

    def __len__(self) -> int:
        """Numbers in use, the free ones included."""
        return len(self._values)

    def grow(self, rows: int) -> None:
        """Make room for so many rows."""
        self.number = longer(self.number, rows)

    def hold(self, row: int, value: Value) -> int | None:
        """Give a row a value; return the value's number if no other row had it until now."""
        before, number = int(self.number[row]), self._numbers.get(value)
        is_new = number is None
        if number is None:
            if self._free:
                number = self._free.pop()
                self._values[number] = value
            else:
                number = len(self._values)
                self._values.append(value)
                self._rows.append(0)
            self._numbers[value] = number
        self._rows[number] += 1
        self.number[row] = number
        if before:
            self._rows[before] -= 1
            if not self._rows[before]:
                del self._numbers[self._values[before]]
                self._free.append(before)
        return number if is_new else None


class BitSets(Distinct[tuple[int, bool]]):
    """One set of codes per row.

    Attributes:
        places: Place of each code.
        words: Words of all sets by number: the first 64 codes, the next 64, and so on.
        is_open: Sets that hold every code but some.
        roots: One over the root of each set's size; 0 for an empty or open one.
    """

    def __init__(self) -> None:
        super().__init__((0, False))
        self.places: dict[str, int] = {}
        self.words: list[Words] = [np.zeros(_FIRST, np.uint64)]
        self.is_open = np.zeros(_FIRST, np.bool_)
        self.roots = np.zeros(_FIRST)

    @property
    def size_bytes(self) -> int:
        """Bytes of all arrays."""
        return sum(each.nbytes for each in (self.number, self.is_open, self.roots, *self.words))

    def put(self, row: int, codes: Iterable[str]) -> None:
        """Say that a row holds these codes."""
        self._put(row, self._bits(codes), is_open=False)

    def put_open(self, row: int, missing: Iterable[str] = ()) -> None:
        """Say that a row holds every code but these."""
        self._put(row, self._bits(missing), is_open=True)

    def mask(self, codes: Iterable[str]) -> list[np.uint64]:
        """Return the words of a set; codes that no row ever named are left out."""
        bits = 0
        for code in codes:
            place = self.places.get(code)
            if place is not None:
                bits |= 1 << place
        return [np.uint64(bits >> 64 * word & _EVERY) for word in range(len(self.words))]

    def meeting(self, mask: Collection[np.uint64]) -> NDArray[np.bool_]:
        """Return by number which sets hold a code of this mask, or are open."""
        found: NDArray[np.bool_] | None = None
        for word, column in zip(mask, self.words, strict=True):
            if word:
                here = (column[: len(self)] & word) != 0
                found = here if found is None else found | here
        return self.is_open[: len(self)] if found is None else found

    def common(self, mask: Collection[np.uint64]) -> Counts | None:
        """Return by number how many codes of this mask a set holds; None where none holds any."""
        counts: Counts | None = None
        for word, column in zip(mask, self.words, strict=True):
            if word:
                here = np.bitwise_count(column[: len(self)] & word)
                counts = here if counts is None else np.add(counts, here, dtype=np.uint16)
        return counts

    def _put(self, row: int, bits: int, *, is_open: bool) -> None:
        number = self.hold(row, (bits, is_open))
        if number is None:
            return
        if number >= len(self.is_open):
            more = 2 * number
            self.words = [longer(column, more) for column in self.words]
            self.is_open, self.roots = longer(self.is_open, more), longer(self.roots, more)
        self.is_open[number] = is_open
        self.roots[number] = 0.0 if is_open else root(bits.bit_count())
        held = ~bits if is_open else bits
        for word, column in enumerate(self.words):
            column[number] = held >> 64 * word & _EVERY

    def _bits(self, codes: Iterable[str]) -> int:
        bits = 0
        for code in codes:
            place = self.places.get(code)
            bits |= 1 << (self._place(code) if place is None else place)
        return bits

    def _place(self, code: str) -> int:
        place = self.places[code] = len(self.places)
        if place // 64 >= len(self.words):
            self.words.append(np.where(self.is_open, np.uint64(_EVERY), np.uint64(0)))
        return place


def longer(column: NDArray[Any], rows: int, fill: Any = 0) -> NDArray[Any]:
    """Return a column of so many rows that begins with this one."""
    grown = np.full(rows, fill, column.dtype)
    grown[: len(column)] = column
    return grown


def root(size: int) -> float:
    """Return one over the root of a set's size, 0 for an empty set."""
    return 1 / math.sqrt(size) if size else 0.0
