"""Words of texts and how telling they are.

Invariants: words of different languages never meet; all weights are whole numbers, so that sums are
exact and do not depend on the order in which they are made.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from matchmaking.engine.profiles import Text

UNIT = 1024
"""What a weight of one is written as."""

STEM = 7
LONGEST = 20_000
_WORD = re.compile(r"[^\W\d_]{3,}")


def stem(word: str) -> str:
    """Return what words of the same root have in common, roughly, in any language."""
    return unicodedata.normalize("NFC", word.casefold())[:STEM]


def words_of(texts: Iterable[Text]) -> Counter[str]:
    """Count the stems in texts, each after its language: ``de:festiva``."""
    found: Counter[str] = Counter()
    for language, words in texts:
        tongue = language.partition("-")[0]
        found.update(f"{tongue}:{stem(word)}" for word in _WORD.findall(words[:LONGEST]))
    return found


def written(texts: Iterable[Text]) -> dict[str, str]:
    """Return the first word as written for each stem in texts."""
    found: dict[str, str] = {}
    for language, words in texts:
        tongue = language.partition("-")[0]
        for word in _WORD.findall(words[:LONGEST]):
            found.setdefault(f"{tongue}:{stem(word)}", word)
    return found


def weighed(counts: Counter[str]) -> dict[str, int]:
    """Return weights of the words within a text, of length one in units."""
    raw = {term: 1 + math.log(count) for term, count in counts.items()}
    length = math.sqrt(math.fsum(value * value for value in raw.values()))
    return {term: round(UNIT * value / length) for term, value in raw.items()}


def rarity(holders: int, texts: int) -> int:
    """Return how telling a word is that so many of so many texts hold, 0 (none) to one unit (one)."""
    if not holders:
        return 0
    return round(UNIT * math.log((texts + 1) / holders) / math.log(texts + 1))


class Index:
    """Which texts hold which words.

    Attributes:
        documents: Weights of each row's words.
        texts: Number of rows that have words of a language.
    """

    def __init__(self) -> None:
        self.documents: dict[int, dict[str, int]] = {}
        self.texts: Counter[str] = Counter()
        self.holders: dict[str, dict[int, int]] = {}

    def put(self, row: int, counts: Counter[str]) -> None:
        """Say what words a row's text has."""
        self.drop(row)
        if not counts:
            return
        weights = weighed(counts)
        self.documents[row] = weights
        self.texts.update({term.partition(":")[0] for term in weights})
        for term, weight in weights.items():
            self.holders.setdefault(term, {})[row] = weight

    def drop(self, row: int) -> None:
        """Forget a row's text."""
        weights = self.documents.pop(row, {})
        self.texts.subtract({term.partition(":")[0] for term in weights})
        for term in weights:
            holders = self.holders[term]
            del holders[row]
            if not holders:
                del self.holders[term]

    def rarity(self, term: str) -> int:
        """Return how telling a word is here, 0 to one unit."""
        return rarity(len(self.holders.get(term, ())), self.texts[term.partition(":")[0]])
