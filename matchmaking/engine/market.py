"""All who seek partners, in memory, and whom each of them might meet.

Invariants: the same profiles, cooperations and answers give the same suggestions in the same order,
in whatever order they came; a tie is broken by id. Every call holds the market's lock, so that
several threads may ask and change it.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.bits import BitColumns
from matchmaking.engine.network import UNIT as CLOSE
from matchmaking.engine.network import Network
from matchmaking.engine.profiles import Cooperation, Profile, Text
from matchmaking.engine.weights import Settings
from matchmaking.engine.words import UNIT, Index, weighed, words_of, written

Scores = NDArray[np.float64]
MOST_WORDS = 32
ONE_SIDED = 0.5
"""What the needs of one side count where the other names none."""


@dataclass(frozen=True)
class Suggestion:
    """One whom one might meet.

    Attributes:
        id: Whose profile.
        score: Between 0 and the sum of the weights.
        place: Why it stands here: "" by its score, "small" or "newcomer" for a place kept for a
            small country or a newcomer.
    """

    id: int
    score: float
    place: str = ""


@dataclass(frozen=True)
class Term:
    """One term of a score, with each side's part in it.

    Attributes:
        name: As in :class:`matchmaking.engine.weights.Weights`.
        value: Between 0 and 1.
        share: The value times its weight, with the hub discount taken off.
        mine: What is met of what the asking side seeks: codes, or words as it wrote them.
        theirs: The same of the other side. For what both have in common, such as sectors,
            programmes or partners, both are equal.
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


class Market:
    """All who seek partners.

    Attributes:
        settings: Weights, discounts and kept places; may be replaced at any time.
    """

    def __init__(
        self,
        profiles: Iterable[Profile] = (),
        cooperations: Iterable[Cooperation] = (),
        settings: Settings | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self._lock = threading.RLock()
        self._profiles: dict[int, Profile] = {}
        self._network = Network(self._profiles)
        self._rows: dict[int, int] = {}
        self._free: list[int] = []
        self._ids = np.zeros(16, np.int64)
        self._languages = BitColumns(16)
        self._sectors = BitColumns(16)
        self._offers = BitColumns(16)
        self._needs = BitColumns(16)
        self._programmes = BitColumns(16)
        self._accepts = BitColumns(16)
        self._countries = BitColumns(16)
        self._size = BitColumns(16)
        self._sizes = BitColumns(16)
        self._alive = np.zeros(16, np.bool_)
        self._renewed = np.full(16, -np.inf)
        self._expires = np.full(16, np.inf)
        self._joined = np.full(16, -np.inf)
        self._sought = Index()
        self._offered = Index()
        self._blocked: dict[int, set[int]] = {}
        self._hidden: dict[int, dict[int, float]] = {}
        for cooperation in cooperations:
            self._network.put(cooperation)
        for profile in profiles:
            self.put(profile)

    def __len__(self) -> int:
        return len(self._profiles)

    def __contains__(self, who: object) -> bool:
        return who in self._profiles

    # What is known

    def put(self, profile: Profile) -> None:
        """Add a profile, or replace the one of the same id."""
        with self._lock:
            row = self._rows.get(profile.id)
            if row is None:
                row = self._rows[profile.id] = self._free.pop() if self._free else len(self._rows)
            if row >= len(self._ids):
                self._grow(2 * len(self._ids))
            self._profiles[profile.id] = profile
            self._ids[row] = profile.id
            self._languages.put(row, profile.languages, without=None if profile.languages else ())
            self._sectors.put(row, _whole(profile.sectors))
            self._offers.put(row, profile.offers)
            self._needs.put(row, profile.needs)
            self._programmes.put(row, profile.programmes)
            self._countries.put(row, (profile.country,))
            self._accepts.put(
                row,
                profile.wanted - profile.excluded,
                without=None if profile.wanted else profile.excluded,
            )
            self._size.put(row, (profile.size,) if profile.size else ())
            self._sizes.put(row, profile.sizes)
            self._renewed[row] = -np.inf if profile.renewed is None else profile.renewed
            self._expires[row] = np.inf if profile.expires is None else profile.expires
            self._joined[row] = -np.inf if profile.joined is None else profile.joined
            self._alive[row] = True
            self._network.changed()
            self._put_words(profile.id)

    def drop(self, who: int) -> None:
        """Forget a profile, and its part in every cooperation as long as it is away."""
        with self._lock:
            row = self._rows.pop(who, None)
            if row is None:
                return
            del self._profiles[who]
            self._alive[row] = False
            self._free.append(row)
            self._sought.drop(row)
            self._offered.drop(row)
            self._network.changed()

    def record(self, cooperation: Cooperation) -> None:
        """Add what several did together, or replace what has the same key.

        Two who worked together are not suggested to each other.
        """
        with self._lock:
            self.unrecord(cooperation.key)
            self._network.put(cooperation)
            for who in cooperation.members & self._profiles.keys():
                self._put_words(who)

    def unrecord(self, key: str) -> None:
        """Forget a cooperation."""
        with self._lock:
            gone = self._network.drop(key)
            for who in gone.members & self._profiles.keys() if gone else ():
                self._put_words(who)

    def cooperate(self, one: int, other: int) -> None:
        """Record that two cooperate, without more being known of it."""
        first, second = sorted((one, other))
        self.record(Cooperation(f"{first}-{second}", frozenset((one, other))))

    def block(self, one: int, other: int) -> None:
        """Keep two from ever seeing each other."""
        with self._lock:
            self._blocked.setdefault(one, set()).add(other)
            self._blocked.setdefault(other, set()).add(one)

    def unblock(self, one: int, other: int) -> None:
        """Undo :meth:`block`."""
        with self._lock:
            self._blocked.get(one, set()).discard(other)
            self._blocked.get(other, set()).discard(one)

    def hide(self, asker: int, other: int, until: float = math.inf) -> None:
        """Suggest the other to the asker no more, or not until then; the other way is untouched."""
        with self._lock:
            self._hidden.setdefault(asker, {})[other] = until

    def show(self, asker: int, other: int) -> None:
        """Undo :meth:`hide`."""
        with self._lock:
            self._hidden.get(asker, {}).pop(other, None)

    # Who fits

    def suggest(
        self,
        who: int,
        most: int = 20,
        now: float | None = None,
        without: Collection[int] = (),
    ) -> list[Suggestion]:
        """Return whom one in the market might meet, the best first.

        Args:
            who: Who asks; one who is not in the market, or has expired, gets nothing.
            most: So many at most.
            now: The moment in seconds since 1970; the clock's when left out.
            without: Ids that are left out.
        """
        with self._lock:
            profile = self._profiles.get(who)
            return [] if profile is None else self.suggest_for(profile, most, now, without)

    def suggest_for(
        self,
        profile: Profile,
        most: int = 20,
        now: float | None = None,
        without: Collection[int] = (),
    ) -> list[Suggestion]:
        """Return whom this profile might meet, the best first.

        It need not be in the market, as a request is not. Where its id is in the market this
        profile asks in place of the known one, with what that one did, blocks and hides: so
        somebody may ask with needs that nobody else is to profit from.
        """
        moment = time.time() if now is None else now
        with self._lock:
            if profile.expires is not None and profile.expires <= moment:
                return []
            allowed = self._allowed(profile, moment, without)
            scores = self._scores(profile, moment)
            places = np.nonzero(allowed)[0]
            order = places[np.lexsort((self._ids[places], -scores[places]))]
            return self._placed(order, scores, most, moment)

    def fit(self, one: int, other: int, now: float | None = None) -> float:
        """Return the score of two as the first one sees it, 0 where the rules keep them apart."""
        found = self.explain(one, other, now)
        return found.score if found.fits else 0.0

    def explain(self, one: int, other: int, now: float | None = None) -> Explanation:
        """Return why the first of two is, or would be, suggested the second.

        Raises:
            KeyError: One of them is not in the market.
        """
        with self._lock:
            return self.explain_for(self._profiles[one], other, now)

    def explain_for(self, profile: Profile, other: int, now: float | None = None) -> Explanation:
        """Return why this profile would be suggested one in the market."""
        moment = time.time() if now is None else now
        with self._lock:
            theirs = self._profiles[other]
            row = self._rows[other]
            keep = 1 - float(self._discounts(slice(None))[row])
            values = {name: float(value[row]) for name, value in self._terms(profile, moment)}
            weights = self.settings.weights.as_dict()
            met = self._met(profile, theirs)
            terms = [
                Term(name, value, keep * weights[name] * value, *met.get(name, ((), ())))
                for name, value in values.items()
                if value > 0 and weights[name] > 0
            ]
            return Explanation(
                score=math.fsum(term.share for term in terms),
                fits=bool(self._allowed(profile, moment, ())[row]),
                terms=tuple(sorted(terms, key=lambda term: (-term.share, term.name))),
                languages=tuple(sorted(profile.languages & theirs.languages)),
                wants_them=theirs.country in profile.wanted,
                wanted_by_them=profile.country in theirs.wanted,
            )

    # How it is calculated

    def _grow(self, rows: int) -> None:
        for bits in (
            self._languages, self._sectors, self._offers, self._needs, self._programmes,
            self._accepts, self._countries, self._size, self._sizes,
        ):  # fmt: skip
            bits.grow(rows)
        more = rows - len(self._ids)
        self._ids = np.concatenate([self._ids, np.zeros(more, np.int64)])
        self._alive = np.concatenate([self._alive, np.zeros(more, np.bool_)])
        self._renewed = np.concatenate([self._renewed, np.full(more, -np.inf)])
        self._expires = np.concatenate([self._expires, np.full(more, np.inf)])
        self._joined = np.concatenate([self._joined, np.full(more, -np.inf)])

    def _put_words(self, who: int) -> None:
        profile, row = self._profiles[who], self._rows[who]
        self._sought.put(row, words_of(profile.looking_for))
        self._offered.put(row, words_of(self._past(profile)))

    def _past(self, profile: Profile) -> tuple[Text, ...]:
        """What a profile offers and is, in words, with what it took part in."""
        done = self._network.cooperations(profile.id)
        texts = [text for cooperation in done for text in cooperation.texts]
        return (*profile.offering, *profile.description, *texts)

    def _allowed(
        self, profile: Profile, moment: float, without: Collection[int]
    ) -> NDArray[np.bool_]:
        rows = slice(None)
        allowed = self._alive & (self._expires > moment)
        allowed &= ~self._countries.holding(profile.country, rows)
        allowed &= self._accepts.holding(profile.country, rows)
        if profile.wanted:
            allowed &= self._countries.meeting(self._countries.mask(profile.wanted), rows)
        if profile.excluded:
            allowed &= ~self._countries.meeting(self._countries.mask(profile.excluded), rows)
        if profile.languages:
            allowed &= self._languages.meeting(self._languages.mask(profile.languages), rows)
        hidden = self._hidden.get(profile.id, {})
        gone = {profile.id, *without, *self._blocked.get(profile.id, ())}
        gone.update(other for other, until in hidden.items() if until > moment)
        gone.update(self._network.partners(profile.id))
        for who in gone & self._rows.keys():
            allowed[self._rows[who]] = False
        return allowed

    def _scores(self, profile: Profile, moment: float) -> Scores:
        weights = self.settings.weights.as_dict()
        total = np.zeros(len(self._ids))
        for name, value in self._terms(profile, moment):
            total += weights[name] * value
        return total * (1 - self._discounts(slice(None)))

    def _discounts(self, rows: slice) -> Scores:
        """The share of the score that each loses for having very many partners."""
        counts = np.zeros(len(self._ids))
        for who, row in self._rows.items():
            counts[row] = len(self._network.partners(who))
        lost: Scores = self.settings.hub_discount * counts / (counts + self.settings.hub_partners)
        return lost[rows]

    def _terms(self, profile: Profile, moment: float) -> Iterable[tuple[str, Scores]]:
        """Yield every term's values by row."""
        rows = slice(None)
        yield "reciprocal", self._reciprocal(profile, rows)
        yield "sectors", _cosine(self._sectors, _whole(profile.sectors), rows)
        yield "sought", self._texts(self._offered, words_of(profile.looking_for))
        yield "offered", self._texts(self._sought, words_of(self._past(profile)))
        yield "programmes", _cosine(self._programmes, profile.programmes, rows)
        for what in ("country", "region", "kind"):
            values = np.zeros(len(self._ids))
            for who, row in self._rows.items():
                theirs = getattr(self._profiles[who], what)
                values[row] = self._network.lift(what, getattr(profile, what), theirs)
            yield what, values
        close = np.zeros(len(self._ids))
        for who, units in self._network.closeness(profile.id).items():
            close[self._rows[who]] = units / CLOSE
        yield "network", close / (close + 1)
        sizes = np.zeros(len(self._ids))
        if profile.sizes:
            sizes += 0.5 * self._size.meeting(self._size.mask(profile.sizes), rows)
        if profile.size:
            sizes += 0.5 * self._sizes.holding(profile.size, rows)
        yield "sizes", sizes
        age = (moment - self._renewed) / self.settings.fresh_s
        yield "fresh", np.clip(1 - age, 0, 1)

    def _reciprocal(self, profile: Profile, rows: slice) -> Scores:
        one = _cosine(self._offers, profile.needs, rows, self._offers.mask(profile.needs))
        two = _cosine(self._needs, profile.offers, rows, self._needs.mask(profile.offers))
        silent = _counts(self._needs, rows) == 0
        if not profile.needs:
            return ONE_SIDED * two
        both = one + two
        mean = np.divide(2 * one * two, both, out=np.zeros_like(both), where=both > 0)
        return np.where(silent, ONE_SIDED * one, mean)

    def _texts(self, index: Index, counts: Counter[str]) -> Scores:
        values = np.zeros(len(self._ids))
        if not counts:
            return values
        mine = {term: weight * index.rarity(term) for term, weight in weighed(counts).items()}
        for term in sorted(mine, key=lambda term: (-mine[term], term))[:MOST_WORDS]:
            for row, weight in index.holders.get(term, {}).items():
                values[row] += mine[term] * weight
        return values / UNIT**3

    def _met(
        self, profile: Profile, theirs: Profile
    ) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """What each side's part in every term is."""
        sectors = tuple(sorted(_whole(profile.sectors) & _whole(theirs.sectors)))
        programmes = tuple(sorted(profile.programmes & theirs.programmes))
        partners = self._network.partners(profile.id) & self._network.partners(theirs.id)
        common = tuple(str(who) for who in sorted(partners))
        return {
            "reciprocal": (
                tuple(sorted(profile.needs & theirs.offers)),
                tuple(sorted(theirs.needs & profile.offers)),
            ),
            "sectors": (sectors, sectors),
            "sought": self._words_met(profile.looking_for, self._past(theirs), self._offered),
            "offered": self._words_met(self._past(profile), theirs.looking_for, self._sought),
            "programmes": (programmes, programmes),
            "country": ((profile.country,), (theirs.country,)),
            "region": ((profile.region,), (theirs.region,)),
            "kind": ((profile.kind,), (theirs.kind,)),
            "network": (common, common),
            "sizes": ((profile.size,), (theirs.size,)),
        }

    def _words_met(
        self, mine: Iterable[Text], theirs: Iterable[Text], index: Index
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The most telling words that two texts share, as each wrote them."""
        ours, others = written(mine), written(theirs)
        shared = [term for term in ours.keys() & others.keys() if index.rarity(term)]
        shared.sort(key=lambda term: (-index.rarity(term), term))
        best = shared[:5]
        return tuple(ours[term] for term in best), tuple(others[term] for term in best)

    def _placed(
        self, order: NDArray[np.int64], scores: Scores, most: int, moment: float
    ) -> list[Suggestion]:
        """Fill the places: by score, but for those kept for small countries and newcomers."""
        return [Suggestion(int(self._ids[row]), float(scores[row])) for row in order[:most]]


def _whole(sectors: Iterable[str]) -> set[str]:
    """Sectors with those that they are parts of."""
    return {code for each in sectors for code in (each, each.partition(".")[0])}


def _counts(bits: BitColumns, rows: slice) -> NDArray[np.float64]:
    total = np.zeros(len(bits.columns[0][rows]))
    for column in bits.columns:
        total += np.bitwise_count(column[rows])
    return total


def _cosine(
    bits: BitColumns, codes: Collection[str], rows: slice, mask: list[np.uint64] | None = None
) -> Scores:
    """How much each row's set has in common with this one: shared, over the root of both sizes."""
    shared = bits.common(mask or bits.mask(codes), rows).astype(np.float64)
    sizes = _counts(bits, rows) * len(codes)
    return np.divide(shared, np.sqrt(sizes), out=np.zeros_like(shared), where=sizes > 0)
