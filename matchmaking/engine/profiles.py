"""What the engine knows of those who seek partners, and of what they did together.

Invariants: only the id and the country must be known; what is left out counts neither for nor
against anybody. Codes are any strings; in those of sectors a dot sets a part off from its whole
(``MUS.live`` belongs to ``MUS``). Moments are seconds since 1970, UTC.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Text(NamedTuple):
    """A text in one language (BCP 47); only texts of the same language are compared."""

    language: str
    words: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One who seeks partners, or one request for them.

    Attributes:
        id: Names it in the market and breaks ties.
        country: ISO 3166-1 alpha-2, or any code that sets countries apart.
        region: NUTS code, or another in which a prefix means the region around it.
        languages: BCP 47; empty when unknown, which is compatible with everybody.
        sectors: Of sectors and sub-sectors.
        offers: What it gives partners.
        needs: What it seeks from partners, in the same codes.
        wanted: Countries in which it seeks; empty means any.
        excluded: Countries in which it does not.
        programmes: Funding programmes that it uses.
        size: Its class of size.
        sizes: Classes of size that it seeks; empty means any.
        kind: What kind of organisation it is.
        looking_for: What it seeks, in words.
        offering: What it offers, in words.
        description: What it is, in words.
        renewed: When it was last confirmed.
        expires: From when on it neither asks nor is suggested.
        joined: When it came; a newcomer for a while after.
    """

    id: int
    country: str
    region: str = ""
    languages: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    programmes: frozenset[str] = frozenset()
    size: str = ""
    sizes: frozenset[str] = frozenset()
    kind: str = ""
    looking_for: tuple[Text, ...] = ()
    offering: tuple[Text, ...] = ()
    description: tuple[Text, ...] = ()
    renewed: float | None = None
    expires: float | None = None
    joined: float | None = None


@dataclass(frozen=True, slots=True)
class Cooperation:
    """What several did together, at least two of whom are in the market or may come.

    Attributes:
        key: Names it; one of the same key replaces it.
        members: Ids of profiles.
        texts: What it was about; counts among the words of its members.
        programmes: Funding programmes that paid for it; count among those of its members.
    """

    key: str
    members: frozenset[int]
    texts: tuple[Text, ...] = ()
    programmes: frozenset[str] = frozenset()
