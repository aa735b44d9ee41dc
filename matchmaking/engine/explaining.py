"""Why two fit, and the words that two texts share."""

from collections.abc import Mapping
from dataclasses import dataclass

from matchmaking.engine.stopwords import is_telling
from matchmaking.engine.words import Index

MOST_WORDS = 5
"""Words of a text that an explanation names at most."""

Words = Mapping[str, str]
"""The words of a text as it wrote them, by stem."""


@dataclass(frozen=True)
class Term:
    """One term of a score, with each side's part in it.

    Attributes:
        name: As in :class:`matchmaking.engine.weights.Weights`.
        value: Between 0 and 1.
        share: The value times its weight, with the hub discount taken off.
        mine: What is met of what the asking side seeks: codes, or words as it wrote them.
        theirs: The same of the other side. Of what both have in common, such as sectors,
            programmes or partners, both name the same.
    """

    name: str
    value: float
    share: float
    mine: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why two fit.

    Attributes:
        score: The sum of the shares.
        fits: Whether the hard rules let them meet.
        terms: Those that count for something, the largest share first.
        languages: Those both have.
        wants_them: Whether the asking side named the other's country as wanted.
        wanted_by_them: Whether the other side named the asking side's country as wanted.
    """

    score: float
    fits: bool
    terms: tuple[Term, ...]
    languages: tuple[str, ...]
    wants_them: bool
    wanted_by_them: bool


def shared_words(
    ours: Words, others: Words, index: Index
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the most telling words that two texts share, as each wrote them."""
    telling = {term: index.rarity(term) for term in ours.keys() & others.keys()}
    known = (
        term
        for term, units in telling.items()
        if units and is_telling(ours[term]) and is_telling(others[term])
    )
    best = sorted(known, key=lambda term: (-telling[term], term))[:MOST_WORDS]
    return tuple(ours[term] for term in best), tuple(others[term] for term in best)
