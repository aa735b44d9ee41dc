"""All who seek partners, in memory, and whom each of them might meet.

Invariants: the same profiles, cooperations and answers give the same suggestions in the same order,
in whatever order they came; a tie is broken by id. Every call holds the market's lock, so that
several threads may ask and change it.
"""

import math
import threading
import time
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.asking import Question, open_gates
from matchmaking.engine.choosing import Suggestion, chosen
from matchmaking.engine.columns import Columns, Floats, Rough, whole
from matchmaking.engine.explaining import Explanation, Term, Words, shared_words
from matchmaking.engine.network import Network
from matchmaking.engine.profiles import Cooperation, Profile, Text
from matchmaking.engine.weights import Settings
from matchmaking.engine.words import Index, Vocabulary, Weights, words_of, written

__all__ = ["Explanation", "Market", "Suggestion", "Term"]


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
        self._columns = Columns()
        self._network = Network(self._profiles, self._columns.row)
        self._vocabulary = Vocabulary()
        self._sought, self._offered = Index(self._vocabulary), Index(self._vocabulary)
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

    @property
    def size_bytes(self) -> int:
        """Bytes of the columns and of the index of words, without the profiles themselves."""
        return self._columns.size_bytes + self._sought.size_bytes + self._offered.size_bytes

    # What is known

    def put(self, profile: Profile) -> None:
        """Add a profile, or replace the one of the same id."""
        with self._lock:
            before = self._profiles.get(profile.id)
            self._columns.put(profile, before)
            self._profiles[profile.id] = profile
            if before is None or _place(before) != _place(profile):
                self._network.changed(profile.id)
            self._put_words(profile.id)

    def drop(self, who: int) -> None:
        """Forget a profile, and its part in every cooperation as long as it is away."""
        with self._lock:
            profile = self._profiles.pop(who, None)
            if profile is not None:
                row = self._columns.drop(profile)
                self._sought.drop(row)
                self._offered.drop(row)
                self._network.changed(who)

    def record(self, cooperation: Cooperation) -> None:
        """Add what several did together, or replace what has the same key.

        Two who did something together are not suggested to each other.
        """
        with self._lock:
            self.unrecord(cooperation.key)
            self._network.put(cooperation)
            if cooperation.texts:
                for who in cooperation.members & self._profiles.keys():
                    self._put_words(who)

    def unrecord(self, key: str) -> None:
        """Forget a cooperation."""
        with self._lock:
            gone = self._network.drop(key)
            if gone is not None and gone.texts:
                for who in gone.members & self._profiles.keys():
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
            question = self._question(profile, moment, without)
            return chosen(question, self._columns, self.settings, most)

    def fit(self, one: int, other: int, now: float | None = None) -> float:
        """Return the score of two as the first one sees it, 0 where the rules keep them apart.

        Raises:
            KeyError: One of them is not in the market.
        """
        moment = time.time() if now is None else now
        with self._lock:
            return float(self._fits(one, [other], moment)[0])

    def mutual(self, ids: Sequence[int], now: float | None = None) -> Floats:
        """Return how well each two of these fit, the mean of both ways: symmetric, 0 on itself.

        Raises:
            KeyError: One of them is not in the market.
        """
        moment = time.time() if now is None else now
        with self._lock:
            fits = np.array([self._fits(one, ids, moment) for one in ids])
        found: Floats = (fits + fits.T) / 2 if len(ids) else np.zeros((0, 0))
        return found

    def apart(self, ids: Sequence[int]) -> NDArray[np.bool_]:
        """Return which two of these are never put into one team: symmetric, by place.

        Those who block each other; of two countries, those of whom one does not want or excludes
        the other's, or who have no language in common where both name some.

        Raises:
            KeyError: One of them is not in the market.
        """
        with self._lock:
            place = {who: number for number, who in enumerate(ids)}
            rows = np.array([self._columns.row[who] for who in ids], np.intp)
            gates = self._columns.gates.number[rows]
            country = self._columns.gates.parts[0][gates]
            found = np.zeros((len(ids), len(ids)), np.bool_)
            for who, number in place.items():
                may = open_gates(self._profiles[who], self._columns)[gates]
                found[number] = ~may & (country != country[number])
                found[
                    number, [place[each] for each in self._blocked.get(who, ()) if each in place]
                ] = 1
            np.fill_diagonal(found, val=False)
            return found | found.T

    def explain(self, one: int, other: int, now: float | None = None) -> Explanation:
        """Return why the first of two is, or would be, suggested the second.

        Raises:
            KeyError: One of them is not in the market.
        """
        with self._lock:
            return self.explain_for(self._profiles[one], other, now)

    def explain_for(self, profile: Profile, other: int, now: float | None = None) -> Explanation:
        """Return why this profile would be suggested one in the market.

        Raises:
            KeyError: The other is not in the market.
        """
        with self._lock:
            if other not in self._profiles:
                raise KeyError(other)
            return self.explain_all(profile, [other], now)[other]

    def explain_all(
        self, profile: Profile, others: Collection[int], now: float | None = None
    ) -> dict[int, Explanation]:
        """Return why this profile would be suggested each of these, by id; as `explain_for`.

        The profile is prepared once for all. Those that are not in the market are left out.
        """
        moment = time.time() if now is None else now
        with self._lock:
            known = [other for other in others if other in self._profiles]
            if not known:
                return {}
            rows = np.array([self._columns.row[other] for other in known], np.intp)
            question = self._question(profile, moment, ())
            weights = self.settings.weights.as_dict()
            values = {name: found.tolist() for name, found in question.values(rows).items()}
            keeps = question.kept(rows).tolist()
            fits = (question.allowed(rows) & ~question.are_gone(rows)).tolist()
            mine = written(profile.looking_for), written(self._past(profile))
            found = {}
            for place, other in enumerate(known):
                theirs = self._profiles[other]
                met = self._met(profile, theirs, *mine)
                terms = [
                    Term(
                        name,
                        each[place],
                        keeps[place] * weights[name] * each[place],
                        *met.get(name, ((), ())),
                    )
                    for name, each in values.items()
                    if each[place] > 0 and weights[name] > 0
                ]
                found[other] = Explanation(
                    score=math.fsum(term.share for term in terms),
                    fits=fits[place],
                    terms=tuple(sorted(terms, key=lambda term: (-term.share, term.name))),
                    languages=tuple(sorted(profile.languages & theirs.languages)),
                    wants_them=theirs.country in profile.wanted,
                    wanted_by_them=profile.country in theirs.wanted,
                )
            return found

    def _question(self, profile: Profile, moment: float, without: Collection[int]) -> Question:
        used = self._columns.used
        self._network.count(len(self._columns))
        hidden = self._hidden.get(profile.id, {})
        gone = {profile.id, *without, *self._blocked.get(profile.id, ())}
        gone.update(other for other, until in hidden.items() if until > moment)
        gone.update(self._network.partners_of(profile.id))

        def texts() -> dict[str, Rough | None]:
            sought, offered = self._weighed(profile)
            return {
                "sought": self._offered.scores(sought, used),
                "offered": self._sought.scores(offered, used),
            }

        return Question(profile, self._columns, self._network, self.settings, moment, texts, gone)

    def _fits(self, one: int, others: Sequence[int], moment: float) -> Floats:
        question = self._question(self._profiles[one], moment, ())
        rows = np.array([self._columns.row[other] for other in others], np.intp)
        scores = question.scores(rows)
        apart = ~question.allowed(rows) | question.are_gone(rows)
        found: Floats = np.where(apart | (scores < 0), 0.0, scores)
        return found

    def _put_words(self, who: int) -> None:
        profile, row = self._profiles[who], self._columns.row[who]
        self._sought.put(row, words_of(profile.looking_for))
        self._offered.put(row, words_of(self._past(profile)))

    def _weighed(self, profile: Profile) -> tuple[Weights, Weights]:
        """Words that a profile looks for and those of its past; known ones are not counted anew."""
        known = self._profiles.get(profile.id)
        if known is not None:
            row = self._columns.row[profile.id]
            if _texts(known) == _texts(profile):
                return self._sought.held(row), self._offered.held(row)
        texts = words_of(profile.looking_for), words_of(self._past(profile))
        return self._vocabulary.weights(texts[0]), self._vocabulary.weights(texts[1])

    def _past(self, profile: Profile) -> tuple[Text, ...]:
        """What a profile offers and is, in words, with what it took part in."""
        done = self._network.cooperations(profile.id)
        texts = [text for cooperation in done for text in cooperation.texts]
        return (*profile.offering, *profile.description, *texts)

    def _met(
        self, profile: Profile, theirs: Profile, looking_for: Words, offering: Words
    ) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """What each side's part in every term is; the asking side's words as it wrote them."""
        network = self._network
        sectors = tuple(sorted(whole(profile.sectors) & whole(theirs.sectors)))
        done = {code for each in network.cooperations(theirs.id) for code in each.programmes}
        programmes = tuple(sorted(profile.programmes & (theirs.programmes | done)))
        partners = network.partners_of(profile.id) & network.partners_of(theirs.id)
        common = tuple(str(who) for who in sorted(partners & self._profiles.keys()))
        return {
            "reciprocal": (
                tuple(sorted(profile.needs & theirs.offers)),
                tuple(sorted(theirs.needs & profile.offers)),
            ),
            "sectors": (sectors, sectors),
            "sought": shared_words(looking_for, written(self._past(theirs)), self._offered),
            "offered": shared_words(offering, written(theirs.looking_for), self._sought),
            "programmes": (programmes, programmes),
            "network": (common, common),
            "country": ((profile.country,), (theirs.country,)),
            "region": ((profile.region,), (theirs.region,)),
            "kind": ((profile.kind,), (theirs.kind,)),
            "sizes": (
                (theirs.size,) if theirs.size in profile.sizes else (),
                (profile.size,) if profile.size in theirs.sizes else (),
            ),
        }


def _texts(profile: Profile) -> tuple[tuple[Text, ...], ...]:
    return profile.looking_for, profile.offering, profile.description


def _place(profile: Profile) -> tuple[str, str, str]:
    """What the network counts of a profile."""
    return profile.country, profile.region, profile.kind
