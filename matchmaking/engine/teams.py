"""What is asked of a team of partners, from whom it is chosen, and what is said of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Mutual = Callable[[NDArray[np.intp]], NDArray[np.float64]]


class Proof(StrEnum):
    """What is known of a team's worth."""

    BEST = "best"
    GOOD = "good"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a team has to be.

    Attributes:
        partners: Its members, the lead among them.
        countries: Different countries, at least.
        per_country: Members of one country, at most.
    """

    partners: int
    countries: int
    per_country: int


# Creative Europe 2021-2027, Culture strand, European cooperation projects: small, medium and large
# scale ask for at least 3, 5 and 10 entities from as many countries. Interreg Baltic Sea Region
# 2021-2027 asks for at least three partners from three countries and allows several of one.
PRESETS: dict[str, Shape] = {
    "creative_europe_small": Shape(3, 3, 1),
    "creative_europe_medium": Shape(5, 5, 1),
    "creative_europe_large": Shape(10, 10, 1),
    "interreg": Shape(6, 3, 3),
}


@dataclass(frozen=True)
class Candidates:
    """Who may be in the team, as rows in ascending order of id; the lead is one of them.

    Attributes:
        countries: ISO 3166-1 alpha-2 of each.
        covers: Candidate by need, whether they meet it.
        lead_fit: Mutual fit with the lead, 0 to 1; the lead's own is not used.
        mutual: Rows of some candidates to their mutual fit with each other, 0 to 1, symmetric.
        apart: Candidate by candidate, symmetric: two who are never in one team; None for nobody.
    """

    countries: Sequence[str]
    covers: NDArray[np.bool_]
    lead_fit: NDArray[np.float64]
    mutual: Mutual
    apart: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """One member of a team, and why.

    Attributes:
        row: Of the candidate.
        is_fixed: Asked for by name, not chosen.
        needs: That this member meets.
        alone: Those of them that nobody else in the team meets.
        fit: Mean mutual fit with the others, 0 to 1.
        replacements: Rows of up to three who could take the place, the best first.
    """

    row: int
    is_fixed: bool
    needs: tuple[int, ...]
    alone: tuple[int, ...]
    fit: float
    replacements: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What hinders a team that is all that was asked for.

    Attributes:
        nobody: Needs that no candidate meets.
        together: Needs that somebody meets, but no team of this shape together with the others.
        countries: Countries that the nearest team lacks.
        partners: Members that it lacks.
        apart: Pairs of rows of fixed members who are never in one team; then there is none.
    """

    nobody: tuple[int, ...] = ()
    together: tuple[int, ...] = ()
    countries: int = 0
    partners: int = 0
    apart: tuple[tuple[int, int], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is missing."""
        return self == Missing()


@dataclass(frozen=True, slots=True)
class Team:
    """A team, or the nearest to one.

    Attributes:
        seats: In ascending order of row.
        proof: Best among all that were weighed, good, or only part of what was asked for.
        worth: Sum of what was maximised.
        bound: No team of those weighed is worth more; equals ``worth`` where it is proven.
        weighed: Candidates from whom it was chosen, after trimming.
        missing: What hinders a whole one.
        is_cut: A limit of time ended the search, so another run may end elsewhere.
    """

    seats: tuple[Seat, ...]
    proof: Proof
    worth: float
    bound: float
    weighed: int
    missing: Missing
    is_cut: bool = False
