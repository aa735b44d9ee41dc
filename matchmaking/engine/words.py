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
Weights = list[tuple[int, int]]
"""Words of a text by number, each with its weight."""

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


def tongue_of(term: str) -> str:
    """Return the language of a stem."""
    return term.partition(":")[0]


class Vocabulary:
    """Numbers for words, the same in every index.

    Attributes:
        places: Number of each word.
        terms: Words by number; tongues: their languages.
    """

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.terms: list[str] = []
        self.tongues: list[str] = []

    def place(self, term: str) -> int:
        """Return a word's number, a new one for a new word."""
        place = self.places.get(term)
        if place is None:
            place = self.places[term] = len(self.places)
            self.terms.append(term)
            self.tongues.append(sys.intern(tongue_of(term)))
        return place

    def weights(self, counts: Counter[str]) -> Weights:
        """Return the words of a text that have a number, with their weights."""
        found = ((self.places.get(term), weight) for term, weight in weighed(counts).items())
        return [(place, weight) for place, weight in found if place is not None]


class Index:
    """Which rows' texts hold which words.

    The bulk stands in arrays by word; rows that changed since these were made are in a dictionary,
    and what the arrays say of them is passed over. The arrays are made anew when a thirty-second of
    the rows has changed.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._holders: Counter[int] = Counter()
        self._texts: Counter[str] = Counter()
        self._held: dict[int, tuple[bytes, bytes]] = {}
        self._starts = [0]
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
        weighty = weighed(counts)
        places = [self._vocabulary.place(term) for term in weighty]
        weights = list(weighty.values())
        self._holders.update(places)
        self._texts.update({self._vocabulary.tongues[place] for place in places})
        self._held[row] = (
            np.array(places, np.int32).tobytes(),
            np.array(weights, np.uint16).tobytes(),
        )
        self._changed.add(row)
        if not self._is_outgrown:
            for place, weight in zip(places, weights, strict=True):
                self._recent.setdefault(place, {})[row] = weight

    def drop(self, row: int) -> None:
        """Forget a row's text."""
        held = self._held.pop(row, None)
        if held is None:
            return
        places = np.frombuffer(held[0], np.int32).tolist()
        tongues = self._vocabulary.tongues
        self._texts.subtract({tongues[place] for place in places})
        for place in places:
            self._holders[place] -= 1
            if place in self._recent:
                self._recent[place].pop(row, None)
        self._changed.add(row)

    def held(self, row: int) -> Weights:
        """Return the words of a row's text with their weights, as they were put."""
        places, weights = self._held.get(row, (b"", b""))
        return list(
            zip(
                np.frombuffer(places, np.int32).tolist(),
                np.frombuffer(weights, np.uint16).tolist(),
                strict=True,
            )
        )

    def rarity(self, term: str) -> int:
        """Return how telling a word is here, 0 to one unit."""
        place = self._vocabulary.places.get(term)
        return 0 if place is None else self._rarity(place)

    def scores(self, weights: Weights, rows: int) -> NDArray[np.float32] | None:
        """Return by row how near its text is to one that asks, in square units; None for nobody.

        All are whole numbers below 2 to the 24, exact in single precision.

        Args:
            weights: Of the words of the text that asks, by number.
            rows: How many there are.
        """
        if not weights or not self._held:
            return None
        if self._is_outgrown:
            self._settle()
        words = self._asked(weights)
        if not words:
            return None
        total = self._settled(words, rows)
        if self._changed:
            total[list(self._changed)] = 0
            for place, weight in words:
                for row, here in self._recent.get(place, {}).items():
                    total[row] += weight * here
        return total

    def _rarity(self, place: int) -> int:
        return rarity(self._holders[place], self._texts[self._vocabulary.tongues[place]])

    def _asked(self, weights: Weights) -> Weights:
        """The words of a text that asks, of length one in units; the 24 heaviest."""
        raw = [(weight * self._rarity(place), place) for place, weight in weights]
        raw = [each for each in raw if each[0]]
        length = math.sqrt(sum(value * value for value, _place in raw))
        if len(raw) > MOST_ASKED:
            terms = self._vocabulary.terms
            raw.sort(key=lambda each: (-each[0], terms[each[1]]))
        return [(place, round(UNIT * value / length)) for value, place in raw[:MOST_ASKED]]

    def _settled(self, words: Weights, rows: int) -> NDArray[np.float32]:
        """What the arrays say of these words, by row."""
        total = np.zeros(rows, np.float32)
        starts = self._starts
        held = [(place, weight) for place, weight in words if place + 1 < len(starts)]
        if not held:
            return total
        parts = [slice(starts[place], starts[place + 1]) for place, _weight in held]
        found = np.concatenate([self._rows[part] for part in parts])
        heavy = np.concatenate([self._weights[part] for part in parts])
        weights = np.array([weight for _place, weight in held], np.float32)
        sizes = [part.stop - part.start for part in parts]
        np.add.at(total, found, np.repeat(weights, sizes) * heavy)
        return total

    @property
    def size_bytes(self) -> int:
        """Bytes of the arrays and of what is held of each text."""
        held = sum(len(one) + len(other) for one, other in self._held.values())
        return held + 8 * len(self._starts) + self._rows.nbytes + self._weights.nbytes

    @property
    def _is_outgrown(self) -> bool:
        return len(self._changed) > max(256, len(self._held) // 32)

    def _settle(self) -> None:
        """Make the arrays anew."""
        texts = [np.frombuffer(places, np.int32) for places, _weights in self._held.values()]
        weights = [np.frombuffer(heavy, np.uint16) for _places, heavy in self._held.values()]
        ends = np.cumsum([0, *map(len, texts)])
        shape = (len(texts), len(self._vocabulary.terms))
        matrix = scipy.sparse.csr_matrix(
            (np.concatenate(weights), np.concatenate(texts), ends), shape=shape
        ).tocsc()
        rows = np.fromiter(self._held, np.int32, len(self._held))
        self._starts = matrix.indptr.tolist()
        self._rows, self._weights = rows[matrix.indices], matrix.data
        self._changed, self._recent = set(), {}
