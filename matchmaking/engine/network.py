"""Who worked with whom, and what follows from it.

Invariants: only those in the market count, neither as partners nor as what two have in common does
anybody else; closeness is a sum of whole numbers.
"""

import math
from collections import Counter, defaultdict

from matchmaking.engine.profiles import Cooperation, Profile

UNIT = 1 << 20
"""What a closeness of one is written as."""

DOUBT = 5.0
"""So many cooperations between a pair, as many as chance has them, are added to what was seen."""


class Network:
    """The cooperation of those in the market, counted anew after a change."""

    def __init__(self, profiles: dict[int, Profile]) -> None:
        self._profiles = profiles
        self._known: dict[str, Cooperation] = {}
        self._stale = True
        self._partners: dict[int, set[int]] = {}
        self._of: dict[int, list[Cooperation]] = {}
        self._pairs: dict[str, Counter[tuple[str, str]]] = {}
        self._sides: dict[str, Counter[str]] = {}

    def put(self, cooperation: Cooperation) -> None:
        """Add a cooperation, or replace the one of the same key."""
        self._known[cooperation.key] = cooperation
        self._stale = True

    def drop(self, key: str) -> Cooperation | None:
        """Forget a cooperation."""
        self._stale = True
        return self._known.pop(key, None)

    def changed(self) -> None:
        """Say that somebody came, went, or moved."""
        self._stale = True

    def partners(self, who: int) -> set[int]:
        """Return whom one worked with."""
        self._count()
        return self._partners.get(who, set())

    def cooperations(self, who: int) -> list[Cooperation]:
        """Return what one took part in, by key."""
        self._count()
        return self._of.get(who, [])

    def closeness(self, who: int) -> dict[int, int]:
        """Return Adamic-Adar of all that share a partner with one, in units."""
        self._count()
        found: dict[int, int] = defaultdict(int)
        for between in self._partners.get(who, ()):
            others = self._partners[between]
            weight = round(UNIT / math.log(max(2, len(others))))
            for other in others:
                found[other] += weight
        found.pop(who, None)
        return found

    def lift(self, what: str, mine: str, theirs: str) -> float:
        """Return how far two values of a field cooperate more than chance has it, 0 to 1.

        Half is as often as chance, or nothing known; twice as often is two thirds.
        """
        self._count()
        sides = self._sides.get(what)
        total = sum(sides.values()) if sides else 0
        if not sides or not total or not mine or not theirs:
            return 0.0
        chance = sides[mine] * sides[theirs] / total
        ratio = (self._pairs[what][mine, theirs] + DOUBT) / (chance + DOUBT)
        return ratio / (1 + ratio)

    def _count(self) -> None:
        if not self._stale:
            return
        partners: dict[int, set[int]] = defaultdict(set)
        of: dict[int, list[Cooperation]] = defaultdict(list)
        for key in sorted(self._known):
            cooperation = self._known[key]
            here = sorted(cooperation.members & self._profiles.keys())
            for who in here:
                of[who].append(cooperation)
                partners[who].update(other for other in here if other != who)
        self._partners, self._of = dict(partners), dict(of)
        self._pairs = {what: Counter() for what in ("country", "region", "kind")}
        self._sides = {what: Counter() for what in self._pairs}
        for who, others in partners.items():
            for other in others:
                one, two = self._profiles[who], self._profiles[other]
                if one.country == two.country:
                    continue
                for what, pairs in self._pairs.items():
                    mine, theirs = getattr(one, what), getattr(two, what)
                    if mine and theirs:
                        pairs[mine, theirs] += 1
                        self._sides[what][mine] += 1
        self._stale = False
