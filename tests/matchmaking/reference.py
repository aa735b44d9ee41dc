"""The market's sums, done one pair after another in plain Python: slow, and easy to check.

Only how texts are cut into words and the lists of defaults are taken from the engine.
"""

import math
from collections import Counter
from collections.abc import Collection
from itertools import combinations

from matchmaking.engine.profiles import Cooperation, Profile, Text
from matchmaking.engine.weights import Settings
from matchmaking.engine.words import words_of

Hidden = dict[tuple[int, int], float]


class Reference:
    """Profiles, what they did together, and who is kept from whom."""

    def __init__(
        self,
        profiles: Collection[Profile],
        cooperations: Collection[Cooperation],
        blocked: Collection[tuple[int, int]] = (),
        hidden: Hidden | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.profiles = {each.id: each for each in profiles}
        self.cooperations = sorted(cooperations, key=lambda each: each.key)
        self.blocked = {frozenset(pair) for pair in blocked}
        self.hidden = hidden or {}
        self.settings = settings or Settings()
        self.bonds: Counter[tuple[int, int]] = Counter()
        for each in self.cooperations:
            here = each.members & self.profiles.keys()
            if 2 <= len(here) <= 100:
                for one, two in combinations(here, 2):
                    self.bonds[one, two] += round(256 / math.sqrt(len(here) - 1))
                    self.bonds[two, one] += round(256 / math.sqrt(len(here) - 1))
        self.partners: dict[int, set[int]] = {who: set() for who in self.profiles}
        for one, two in self.bonds:
            self.partners[one].add(two)
        self.sought = {each.id: words_of(each.looking_for) for each in profiles}
        self.offered = {each.id: words_of(self.past(each)) for each in profiles}

    def past(self, profile: Profile) -> list[Text]:
        done = [
            text for each in self.cooperations if profile.id in each.members for text in each.texts
        ]
        return [*profile.offering, *profile.description, *done]

    def allowed(self, a: Profile, b: Profile, now: float, without: Collection[int] = ()) -> bool:
        did = any(
            {a.id, b.id} <= each.members for each in self.cooperations if len(each.members) <= 100
        )
        return (
            a.id != b.id
            and a.country != b.country
            and (not a.wanted or b.country in a.wanted)
            and b.country not in a.excluded
            and (not b.wanted or a.country in b.wanted)
            and a.country not in b.excluded
            and (not a.languages or not b.languages or bool(a.languages & b.languages))
            and (b.expires is None or b.expires > now)
            and frozenset((a.id, b.id)) not in self.blocked
            and not self.hidden.get((a.id, b.id), -math.inf) > now
            and b.id not in without
            and not did
        )

    def score(self, a: Profile, b: Profile, now: float) -> float:
        total = 0.0
        values = self.values(a, b, now)
        for name, weight in self.settings.weights.as_dict().items():
            total += weight * values[name]
        partners, most = len(self.partners[b.id]), self.settings.hub_partners
        return total * (1 - self.settings.hub_discount * partners / (partners + most))

    def values(self, a: Profile, b: Profile, now: float) -> dict[str, float]:
        age = math.inf if b.renewed is None else (now - b.renewed) / self.settings.fresh_s
        times = sum(b.id in each.members for each in self.cooperations)
        return {
            "reciprocal": reciprocal(a, b),
            "sectors": cosine(whole(a.sectors), whole(b.sectors)),
            "sought": near(words_of(a.looking_for), self.offered[b.id], self.offered),
            "offered": near(words_of(self.past(a)), self.sought[b.id], self.sought),
            "programmes": self.in_programmes(a, b),
            "network": self.closeness(a.id, b.id),
            **{what: self.lift(what, a, b) for what in ("country", "region", "kind")},
            "experience": min(1.0, math.log1p(min(times, 100)) / math.log1p(100)),
            "sizes": 0.5 * (b.size in a.sizes and b.size != "") + 0.5 * (a.size in b.sizes),
            "fresh": min(1.0, max(0.0, 1 - age)),
        }

    def in_programmes(self, a: Profile, b: Profile) -> float:
        times = len(a.programmes & b.programmes)
        for each in self.cooperations:
            if b.id in each.members:
                times += len(a.programmes & each.programmes)
        return times / (times + 1)

    def closeness(self, a: int, b: int) -> float:
        total = 0
        for who in self.partners.get(a, set()) & self.partners[b]:
            bonds = sum(units for (one, _), units in self.bonds.items() if one == who)
            weight = round(4096 / math.log(2 + bonds / 256))
            total += self.bonds[a, who] * self.bonds[who, b] * weight
        close = total / (256 * 256 * 4096)
        return close / (close + 1)

    def lift(self, what: str, a: Profile, b: Profile) -> float:
        pairs: Counter[tuple[str, str]] = Counter()
        for one, two in self.bonds:
            mine, theirs = self.profiles[one], self.profiles[two]
            if mine.country != theirs.country and getattr(mine, what) and getattr(theirs, what):
                pairs[getattr(mine, what), getattr(theirs, what)] += 1
        mine, theirs = getattr(a, what), getattr(b, what)
        if not pairs[mine, theirs]:
            return 0.0
        sides: Counter[str] = Counter()
        for (side, _), count in pairs.items():
            sides[side] += count
        chance = sides[mine] * sides[theirs] / sum(sides.values())
        return max(0.0, 1 - 1 / ((pairs[mine, theirs] + 2) / (chance + 2)))

    def suggest(
        self, a: Profile, most: int, now: float, without: Collection[int] = ()
    ) -> list[tuple[int, float, str]]:
        if a.expires is not None and a.expires <= now:
            return []
        scores = {
            b.id: self.score(a, b, now)
            for b in self.profiles.values()
            if self.allowed(a, b, now, without)
        }
        order = sorted((who for who in scores if scores[who] > 0), key=lambda w: (-scores[w], w))
        ranked = {who: scores[who] for who in order}
        taken, kept = order[:most], dict[int, str]()
        if len(taken) == most > 0:
            self.keep_places(a, ranked, taken, kept, now)
        return [(who, score, kept.get(who, "")) for who, score in ranked.items() if who in taken]

    def keep_places(
        self,
        a: Profile,
        ranked: dict[int, float],
        taken: list[int],
        kept: dict[int, str],
        now: float,
    ) -> None:
        settings, most = self.settings, len(taken)
        chance = (a.id * 0x9E3779B97F4A7C15 % 2**64) / 2**64
        crowd = Counter(each.country for each in self.profiles.values())
        open_to = {
            country: count
            for country, count in crowd.items()
            if country != a.country
            and country not in a.excluded
            and (not a.wanted or country in a.wanted)
        }
        small: set[int] = set()
        for group in settings.small_groups:
            countries, sum_ = set(), 0
            for country in sorted(crowd, key=lambda code: (crowd[code], code)):
                sum_ += crowd[country]
                if sum_ <= group.share * sum(crowd.values()):
                    countries.add(country)
            small = {each.id for each in self.profiles.values() if each.country in countries}
            here = sum(open_to.get(country, 0) for country in countries)
            part = settings.small_part * most * here / max(1, sum(open_to.values()))
            least = math.floor(part + chance)
            fill(least, small, small, ("small", group.fit), ranked, taken, kept)
        joined = {who: each.joined for who, each in self.profiles.items()}
        new = {
            who for who, at in joined.items() if at is not None and at > now - settings.newcomer_s
        }
        least = math.floor(settings.newcomer_part * most + chance)
        fill(least, new, new | small, ("newcomer", settings.newcomer_fit), ranked, taken, kept)


def fill(
    least: int,
    group: set[int],
    sheltered: set[int],
    place: tuple[str, float],
    ranked: dict[int, float],
    taken: list[int],
    kept: dict[int, str],
) -> None:
    missing = least - sum(who in group for who in taken)
    coming = [who for who in ranked if who in group and who not in taken][: max(0, missing)]
    leaving = [who for who in reversed(ranked) if who in taken]
    leaving = [who for who in leaving if who not in sheltered and who not in kept]
    for who, gone in zip(coming, leaving, strict=False):
        if ranked[who] < place[1] * ranked[gone]:
            break
        taken.remove(gone)
        taken.append(who)
        kept[who] = place[0]


def whole(sectors: Collection[str]) -> set[str]:
    return set(sectors) | {code.split(".")[0] for code in sectors}


def cosine(one: Collection[str], two: Collection[str]) -> float:
    if not one or not two:
        return 0.0
    return len(set(one) & set(two)) * (1 / math.sqrt(len(two))) * (1 / math.sqrt(len(one)))


def reciprocal(a: Profile, b: Profile) -> float:
    mine, theirs = cosine(a.needs, b.offers), cosine(a.offers, b.needs)
    if not a.needs:
        return 0.5 * theirs
    if not b.needs:
        return 0.5 * mine
    return 2 * (mine * theirs) / (mine + theirs) if mine + theirs else 0.0


def near(asked: Counter[str], held: Counter[str], texts: dict[int, Counter[str]]) -> float:
    """lnc.ltc in whole numbers: the asking text by rarity, the other by its own words alone."""
    mine, theirs = lengths(asked), lengths(held)
    rare = {}
    for term in mine:
        language = term.split(":")[0]
        of_language = sum(
            any(each.startswith(f"{language}:") for each in lengths(text))
            for text in texts.values()
        )
        holders = sum(term in lengths(text) for text in texts.values())
        telling = 0.0
        if 0 < holders <= max(64, of_language // 16):
            telling = math.log((of_language + 1) / holders) / math.log(of_language + 1)
        rare[term] = mine[term] * round(1024 * telling)
    length = math.sqrt(sum(value * value for value in rare.values()))
    best = sorted((term for term in rare if rare[term]), key=lambda term: (-rare[term], term))[:24]
    total = sum(round(1024 * rare[term] / length) * theirs.get(term, 0) for term in best)
    return total / (1024 * 1024)


def lengths(counts: Counter[str]) -> dict[str, int]:
    raw = {term: 1 + math.log(count) for term, count in counts.items()}
    length = math.sqrt(math.fsum(value * value for value in raw.values()))
    best = sorted(raw, key=lambda term: (-raw[term], term))[:400]
    return {term: round(1024 * raw[term] / length) for term in best}
