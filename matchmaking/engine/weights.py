"""The numbers that a score is made of, each readable and each a setting.

Invariants: a score is the sum of every term's value times its weight; values lie between 0 and 1,
and so does the score with the defaults. ``docs/matching.md`` says how the defaults were chosen.
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
        programmes: How much the other did in the funding programmes that one uses.
        network: Partners in common.
        country: How much more often these two countries cooperate than chance.
        region: The same of regions.
        kind: The same of kinds of organisation.
        experience: How often the other cooperated.
        sizes: Each is of a size that the other seeks.
        fresh: How lately the other was confirmed.
    """

    reciprocal: float = 0.20
    sectors: float = 0.04
    sought: float = 0.18
    offered: float = 0.06
    programmes: float = 0.15
    network: float = 0.20
    country: float = 0.02
    region: float = 0.06
    kind: float = 0.02
    experience: float = 0.02
    sizes: float = 0.02
    fresh: float = 0.03

    def as_dict(self) -> dict[str, float]:
        """Return the weights by the names of their terms, in the order of this class."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True)
class SmallGroup:
    """Small countries that places are kept for.

    Attributes:
        share: They are those that together, from the smallest on, hold at most this share of the
            profiles.
        fit: A place is given only for this part of the score of whoever makes room.
    """

    share: float
    fit: float


@dataclass(frozen=True)
class Settings:
    """What the operator may set, and publishes.

    Attributes:
        weights: Of the terms.
        hub_discount: Share of the score that one with very many partners loses.
        hub_partners: Number of partners at which half of that is lost.
        small_groups: Of countries that are small, from the smallest on.
        small_part: Places of a list that each of these groups gets at least, as a part of its share
            of those who could be suggested; 0 for none.
        newcomer_part: Places of a list that newcomers get at least, as a share of the list.
        newcomer_fit: Such a place is given only for this part of the score of whoever makes room.
        newcomer_s: For how long one is a newcomer, in seconds.
        fresh_s: After how long a confirmation counts no more, in seconds.
    """

    weights: Weights = field(default_factory=Weights)
    hub_discount: float = 0.05
    hub_partners: int = 50
    small_groups: tuple[SmallGroup, ...] = (
        SmallGroup(0.02, 0.0),
        SmallGroup(0.25, 0.7),
        SmallGroup(0.50, 0.7),
    )
    small_part: float = 0.80
    newcomer_part: float = 0.10
    newcomer_fit: float = 0.50
    newcomer_s: float = 90 * 86400.0
    fresh_s: float = 90 * 86400.0
