"""The numbers that a score is made of, each readable and each a setting.

Invariants: a score is the sum of every term's value times its weight; values lie between 0 and 1.
``docs/matching.md`` says how the defaults were chosen.
"""

from dataclasses import dataclass, field, fields


@dataclass(frozen=True)
class Weights:
    """How much each term counts; a score is at most their sum.

    Attributes:
        reciprocal: What each offers meets what the other needs, harmonic mean of both ways.
        sectors: Closeness of sectors.
        sought: The other's offers and past in words, against what one looks for.
        offered: One's own offers and past in words, against what the other looks for.
        programmes: Funding programmes that both use.
        country: How much more often these two countries cooperate than chance.
        region: The same of regions.
        kind: The same of kinds of organisation.
        network: Partners in common.
        sizes: Each is of a size that the other seeks.
        fresh: How lately the other was confirmed.
    """

    reciprocal: float = 0.30
    sectors: float = 0.15
    sought: float = 0.15
    offered: float = 0.10
    programmes: float = 0.05
    country: float = 0.05
    region: float = 0.05
    kind: float = 0.02
    network: float = 0.08
    sizes: float = 0.02
    fresh: float = 0.03

    def as_dict(self) -> dict[str, float]:
        """Return the weights by the names of their terms, in the order of this class."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True)
class Settings:
    """What the operator may set, and publishes.

    Attributes:
        weights: Of the terms.
        hub_discount: Share of the score that one with very many partners loses.
        hub_partners: Number of partners at which half of that is lost.
        small_share: Countries are small that together, from the smallest on, have at most this
            share of the profiles.
        small_places: Of so many places one is kept for a small country, where one fits; 0 for none.
        newcomer_places: Of so many places one is kept for a newcomer; 0 for none.
        newcomer_s: For how long one is a newcomer, in seconds.
        fresh_s: After how long a confirmation counts no more, in seconds.
    """

    weights: Weights = field(default_factory=Weights)
    hub_discount: float = 0.05
    hub_partners: int = 50
    small_share: float = 0.25
    small_places: int = 5
    newcomer_places: int = 10
    newcomer_s: float = 90 * 86400.0
    fresh_s: float = 90 * 86400.0
