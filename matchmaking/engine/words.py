"""Words of texts, how telling they are, and which texts hold them.

The weights are those of Salton's scheme lnc.ltc (Manning, Raghavan, Schütze: Introduction to
Information Retrieval, 6.4): a text that is found counts its words by the logarithm of how often
they occur, at length one; a text that asks counts them by their rarity too. So what is held of a
text does not change when others come. Invariants: words of different languages never meet; all
weights are whole numbers, so sums are exact in any order.
"""

import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from matchmaking.engine.profiles import Text

UNIT = 1024
"""What a weight of one is written as."""

STEM = 6
"""So many letters of a word count: a rough stem in every language that is inflected at the end."""

LONGEST = 20_000
MOST_HELD = 400
COMMON = 64
MOST_ASKED = 24
_WORD = re.compile(r"[^\W\d_]{3,}")


def stem(word: str) -> str:
    """Return what words of the same root have in common, roughly."""
    return unicodedata.normalize("NFC", word.casefold())[:STEM]


def _found(texts: Iterable[Text]) -> Iterable[tuple[str, str]]:
    for language, words in texts:
        tongue = language.partition("-")[0]
        for word in _WORD.findall(words[:LONGEST]):
            yield f"{tongue}:{stem(word)}", word


def words_of(texts: Iterable[Text]) -> Counter[str]:
    """Count the stems in texts, each after its language: ``de:festiv``."""
    return Counter(term for term, _word in _found(texts))


def written(texts: Iterable[Text]) -> dict[str, str]:
    """Return the first word as written for each stem in texts."""
    first: dict[str, str] = {}
    for term, word in _found(texts):
        first.setdefault(term, word)
    return first


def weighed(counts: Counter[str]) -> dict[str, int]:
    """Return weights of a text's words, of length one in units; the 400 heaviest."""
    raw = {term: 1 + math.log(count) for term, count in counts.items()}
    length = math.sqrt(math.fsum(value * value for value in raw.values()))
    heaviest = sorted(raw, key=lambda term: (-raw[term], term))[:MOST_HELD]
    return {term: round(UNIT * raw[term] / length) for term in heaviest}


@lru_cache(maxsize=1 << 16)
def rarity(holders: int, texts: int) -> int:
    """Return how telling a word is that so many of so many texts hold: one unit if one holds it.

    What more than a sixteenth of them hold, and more than 64, tells nothing.
    """
    if not holders or holders > max(COMMON, texts // 16):
        return 0
    return round(UNIT * math.log((texts + 1) / holders) / math.log(texts + 1))


def asked(weights: dict[str, int], rarities: dict[str, int]) -> dict[str, int]:
    """Return weights of the words of a text that asks, of length one in units; the 24 heaviest."""
    raw = {term: weight * rarities[term] for term, weight in weights.items()}
    length = math.sqrt(sum(value * value for value in raw.values()))
    heaviest = sorted((term for term in raw if raw[term]), key=lambda term: (-raw[term], term))
    return {term: round(UNIT * raw[term] / length) for term in heaviest[:MOST_ASKED]}


def tongue_of(term: str) -> str:
    """Return the language of a stem."""
    return term.partition(":")[0]


class Index:
    """Which rows' texts hold which words.

    The bulk stands in arrays by word; rows that changed since these were made are in a dictionary,
    and what the arrays say of them is passed over. The arrays are made anew when a thirty-second of
    the rows has changed.
    """

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._tongues: list[str] = []
        self._holders: list[int] = []
        self._texts: Counter[str] = Counter()
        self._held: dict[int, tuple[bytes, bytes]] = {}
        self._starts: NDArray[np.int64] = np.zeros(1, np.int64)
        self._rows: NDArray[np.int32] = np.zeros(0, np.int32)
        self._weights: NDArray[np.uint16] = np.zeros(0, np.uint16)
        self._changed: set[int] = set()
        self._recent: dict[int, dict[int, int]] = {}

    def put(self, row: int, counts: Counter[str]) -> None:
        """Say what words a row's text has."""
        if row in self._held:
            self.drop(row)
        if not counts:
            return
        weights = weighed(counts)
        places = [self._place(term) for term in weights]
        for place in places:
            self._holders[place] += 1
        self._texts.update({tongue_of(term) for term in weights})
        self._held[row] = (
            np.array(places, np.int32).tobytes(),
            np.array(list(weights.values()), np.uint16).tobytes(),
        )
        self._changed.add(row)
        if not self._is_outgrown:
            for place, weight in zip(places, weights.values(), strict=True):
                self._recent.setdefault(place, {})[row] = weight

    def drop(self, row: int) -> None:
        """Forget a row's text."""
        held = self._held.pop(row, None)
        if held is None:
            return
        places = np.frombuffer(held[0], np.int32).tolist()
        self._texts.subtract({self._tongues[place] for place in places})
        for place in places:
            self._holders[place] -= 1
            if place in self._recent:
                self._recent[place].pop(row, None)
        self._changed.add(row)

    def rarity(self, term: str) -> int:
        """Return how telling a word is here, 0 to one unit."""
        place = self._places.get(term)
        return 0 if place is None else rarity(self._holders[place], self._texts[tongue_of(term)])

    def scores(self, counts: Counter[str], rows: int) -> NDArray[np.float64] | None:
        """Return by row how near its text is to one that asks, in square units; None for nobody."""
        if not counts or not self._held:
            return None
        if self._is_outgrown:
            self._settle()
        weights = weighed(counts)
        words = asked(weights, {term: self.rarity(term) for term in weights})
        if not words:
            return None
        found, heavy = [], []
        for term, weight in words.items():
            place = self._places[term]
            if place + 1 < len(self._starts):
                part = slice(self._starts[place], self._starts[place + 1])
                found.append(self._rows[part])
                heavy.append(self._weights[part] * np.float64(weight))
        total: NDArray[np.float64] = np.zeros(rows)
        if found:
            counted = np.bincount(np.concatenate(found), np.concatenate(heavy), minlength=rows)
            total = counted.astype(np.float64, copy=False)
        total[list(self._changed)] = 0
        for term, weight in words.items():
            for row, here in self._recent.get(self._places[term], {}).items():
                total[row] += weight * here
        return total

    @property
    def size_bytes(self) -> int:
        """Bytes of the arrays and of what is held of each text."""
        held = sum(len(one) + len(other) for one, other in self._held.values())
        return held + self._starts.nbytes + self._rows.nbytes + self._weights.nbytes

    @property
    def _is_outgrown(self) -> bool:
        return len(self._changed) > max(256, len(self._held) // 32)

    def _place(self, term: str) -> int:
        place = self._places.get(term)
        if place is None:
            place = self._places[term] = len(self._places)
            self._tongues.append(sys.intern(tongue_of(term)))
            self._holders.append(0)
        return place

    def _settle(self) -> None:
        """Make the arrays anew."""
        texts = [np.frombuffer(places, np.int32) for places, _weights in self._held.values()]
        weights = [np.frombuffer(heavy, np.uint16) for _places, heavy in self._held.values()]
        ends = np.cumsum([0, *map(len, texts)])
        shape = (len(texts), len(self._places))
        matrix = scipy.sparse.csr_matrix(
            (np.concatenate(weights), np.concatenate(texts), ends), shape=shape
        ).tocsc()
        rows = np.fromiter(self._held, np.int32, len(self._held))
        self._starts = matrix.indptr.astype(np.int64)
        self._rows, self._weights = rows[matrix.indices], matrix.data
        self._changed, self._recent = set(), {}
