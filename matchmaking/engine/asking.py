"""One who asks, and how well every row fits.

What a set has in common with the asking one is calculated once for all rows that hold it. The large
terms are added up in single precision for a whole stretch of rows (`rough`); the others and the
rules are looked at only where these may still make one of the best (`near`), and the very best are
calculated in double precision (`scores`). Invariants: the last adds the terms in the order of
:class:`matchmaking.engine.weights.Weights`, so that a plain sum in that order is equal to the last
bit; a term that the asking side knows nothing for is nobody's.
"""

import math
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.bits import root
from matchmaking.engine.columns import ONE_SIDED, Columns, Floats, Rough, whole
from matchmaking.engine.network import LIFTED, Network
from matchmaking.engine.profiles import Profile
from matchmaking.engine.weights import Settings
from matchmaking.engine.words import UNIT

Rows = NDArray[np.intp]

TINY: Final = 1e-300
"""Keeps a division by nothing from being one, and changes nothing else."""

MOST_EXPERIENCE: Final = 100
EXPERIENCE: Final = np.array(
    [math.log1p(times) / math.log1p(MOST_EXPERIENCE) for times in range(MOST_EXPERIENCE + 1)]
)
"""What so many cooperations count as experience."""

ROUGHNESS: Final = 1e-5
"""What single precision may be wrong by."""

_NOTHING: Final = np.float32(1e-30)
"""What is written for nothing in common where one over it is needed."""


class Question:
    """A profile that asks, prepared once for all rows.

    Attributes:
        profile: Who asks.
        moment: When, in seconds since 1970.
        reach: The most that a score can be above the sum of the large terms.
    """

    def __init__(
        self,
        profile: Profile,
        columns: Columns,
        network: Network,
        settings: Settings,
        moment: float,
        texts: Callable[[], dict[str, Rough | None]],
        gone: Collection[int],
    ) -> None:
        self.profile = profile
        self._columns, self._settings, self.moment = columns, settings, moment
        self._weights = settings.weights.as_dict()
        self._network = network
        row = columns.row
        self._gone = np.array(sorted(row[who] for who in gone if who in row), np.intp)
        self._gates = open_gates(profile, columns)
        self._prepare_sets()
        self._score_texts = texts
        self._done = self._times_in_programmes()
        close = network.closeness(row.get(profile.id))
        self._close = None if close is None else close[: columns.used]
        self._prepare_small_terms()

    @property
    def is_vain(self) -> bool:
        """Whether the rules keep everybody apart."""
        return not self._gates.any()

    @cached_property
    def _texts(self) -> dict[str, Rough]:
        found = self._score_texts().items()
        return {name: scores for name, scores in found if scores is not None}

    def _prepare_sets(self) -> None:
        """By set, what it has in common with the asking side's: shared, over both sizes' roots."""
        profile, sets = self.profile, self._columns.sets
        self._cosines: dict[str, Floats | None] = {}
        for name, mine in (
            ("sectors", whole(profile.sectors)),
            ("offers", profile.needs),
            ("needs", profile.offers),
        ):
            bits = sets[name]
            shared = bits.common(bits.mask(mine))
            self._cosines[name] = None
            if shared is not None:
                self._cosines[name] = shared * bits.roots[: len(bits)] * root(len(mine))
        self._programmes = sets["programmes"].common(sets["programmes"].mask(profile.programmes))

    def _prepare_small_terms(self) -> None:
        profile, columns, network = self.profile, self._columns, self._network
        self._lifts = {
            what: columns.by_code(what, found)
            for what in LIFTED
            if (found := network.lifts(what, getattr(profile, what)))
        }
        sizes = columns.sets["sizes"]
        seeks_mine = profile.size in sizes.places
        self._seeking = sizes.meeting(sizes.mask([profile.size])) if seeks_mine else None
        self._sought = columns.among("size", profile.sizes) if profile.sizes else None
        most = {what: float(table.max()) for what, table in self._lifts.items()}
        if self._cosines["sectors"] is not None:
            most["sectors"] = float(self._cosines["sectors"].max())
        most["experience"] = float(EXPERIENCE[min(network.most_experience, MOST_EXPERIENCE)])
        most["sizes"] = float(self._seeking is not None or self._sought is not None)
        most["fresh"] = 1.0
        self.reach = sum(max(0.0, self._weights[name]) * value for name, value in most.items())

    def _times_in_programmes(self) -> Floats | None:
        """How often each row cooperated in the programmes that are asked for."""
        counted = [self._network.in_programme(each) for each in sorted(self.profile.programmes)]
        if not any(counted):
            return None
        times = np.zeros(len(self._columns))
        for rows in counted:
            at = np.fromiter(rows.keys(), np.intp, len(rows))
            times[at] += np.fromiter(rows.values(), np.int64, len(rows))
        return times

    def rough(self, rows: slice) -> Rough:
        """Return the large terms' sum to six digits; less than anything for those who are gone."""
        total = self._rough_reciprocal(rows)
        for part in self._rough_rest(rows):
            total = part if total is None else np.add(total, part, out=total)
        if total is None:
            total = np.zeros(rows.stop - rows.start, np.float32)
        gone = self._gone[np.searchsorted(self._gone, rows.start) :]
        total[gone[: np.searchsorted(gone, rows.stop)] - rows.start] = -np.inf
        return total

    def near(self, rows: Rows, rough: Rough) -> tuple[Rows, Floats]:
        """Return which of these rows the rules let meet, and their scores to five digits.

        Args:
            rows: Their numbers.
            rough: What :meth:`rough` returned for them.
        """
        columns = self._columns
        here = np.flatnonzero(self._gates.take(columns.gates.number.take(rows)))
        rows = rows.take(here)
        total = rough.take(here).astype(np.float64)
        for name, values in (("sectors", self._cosine("sectors", rows)), *self._small_terms(rows)):
            total += self._weights[name] * values
        total *= self.kept(rows)
        total[columns.expires.take(rows) <= self.moment] = -np.inf
        return rows, total

    def scores(self, rows: Rows) -> Floats:
        """Return the exact scores of these rows, the rules apart."""
        total = np.zeros(len(rows))
        for name, values in self._terms(rows):
            total += self._weights[name] * values
        return total * self.kept(rows)

    def allowed(self, rows: Rows) -> NDArray[np.bool_]:
        """Return which rows the hard rules let meet with the asking side; `gone` is not looked at.

        Those of another country, each in a country that the other takes, with a language in common
        where both name some, and not expired.
        """
        columns = self._columns
        found: NDArray[np.bool_] = self._gates.take(columns.gates.number.take(rows))
        return found & (columns.expires.take(rows) > self.moment)

    def kept(self, rows: Rows) -> Floats:
        """Return the share of the score that each row keeps; hubs lose some."""
        if not self._settings.hub_discount or not self._network.most_experience:
            return np.ones(len(rows))
        partners = self._network.partners.take(rows)
        lost = self._settings.hub_discount * partners / (partners + self._settings.hub_partners)
        kept: Floats = 1 - lost
        return kept

    def values(self, rows: Rows) -> dict[str, Floats]:
        """Return every term's values for these rows, by name; nobody's terms are left out."""
        return dict(self._terms(rows))

    def are_gone(self, rows: Rows) -> NDArray[np.bool_]:
        """Return which rows are left out for what was answered, blocked or done before."""
        return np.isin(rows, self._gone)

    def _terms(self, rows: Rows) -> Iterator[tuple[str, Floats]]:
        """Yield the values of all terms that anybody can have, in the order of the weights."""
        yield "reciprocal", self._reciprocal(rows)
        yield "sectors", self._cosine("sectors", rows)
        for name, scores in self._texts.items():
            yield name, scores.take(rows).astype(np.float64) / (UNIT * UNIT)
        times = self._times(rows)
        if times is not None:
            yield "programmes", times / (times + 1)
        if self._close is not None:
            close = self._close[rows]
            yield "network", close / (close + 1)
        yield from self._small_terms(rows)

    def _small_terms(self, rows: Rows) -> Iterator[tuple[str, Floats]]:
        """Yield the values of the last terms, which are too small to be looked at for all rows."""
        columns = self._columns
        for what, table in self._lifts.items():
            yield what, table[columns.numbers[what][rows]]
        if self._network.most_experience:
            times = np.minimum(self._network.experience[rows], MOST_EXPERIENCE)
            yield "experience", EXPERIENCE.take(times)
        if self._seeking is not None or self._sought is not None:
            sizes = np.zeros(len(rows))
            if self._sought is not None:
                sizes += 0.5 * self._sought[columns.numbers["size"][rows]]
            if self._seeking is not None:
                sizes += 0.5 * self._seeking[columns.sets["sizes"].number[rows]]
            yield "sizes", sizes
        age = (self.moment - columns.renewed.take(rows)) / self._settings.fresh_s
        yield "fresh", np.minimum(1.0, np.maximum(0.0, 1 - age))

    def _reciprocal(self, rows: Rows) -> Floats:
        """Harmonic mean of what each offers of what the other needs.

        Where only one side names needs, its half counts.
        """
        mine, theirs = self._cosine("offers", rows), self._cosine("needs", rows)
        if not self.profile.needs:
            return ONE_SIDED * theirs
        both: Floats = 2 * (mine * theirs) / (mine + theirs + TINY)
        # Number 0 is the empty set.
        return np.where(self._columns.sets["needs"].number.take(rows), both, ONE_SIDED * mine)

    def _cosine(self, name: str, rows: Rows) -> Floats:
        table = self._cosines[name]
        if table is None:
            return np.zeros(len(rows))
        return table.take(self._columns.sets[name].number.take(rows))

    def _rough_reciprocal(self, rows: slice) -> Rough | None:
        """As `_reciprocal`, times its weight."""
        weight = np.float32(self._weights["reciprocal"])
        sets, mine, theirs = self._columns.sets, self._cosines["offers"], self._cosines["needs"]
        needs = sets["needs"].number[rows]
        if not self.profile.needs:
            if theirs is None:
                return None
            return (weight * ONE_SIDED * theirs).astype(np.float32).take(needs)
        if mine is None:
            return None
        # The harmonic mean is 2 over the sum of one over each. Whoever names no needs adds nothing
        # to that sum, and the other part is stretched to leave a half of what is met.
        total = _over(mine).take(sets["offers"].number[rows])
        total *= self._columns.stretch[rows]
        against = np.full(len(sets["needs"]), 1 / _NOTHING) if theirs is None else _over(theirs)
        against[0] = 0
        total += against.take(needs)
        return np.divide(2 * weight, total, out=total)

    def _rough_rest(self, rows: slice) -> Iterator[Rough]:
        """Yield texts, programmes and the network, times their weights."""
        for name, scores in self._texts.items():
            yield scores[rows] * np.float32(self._weights[name] / (UNIT * UNIT))
        times = self._times(rows)
        if times is not None:
            yield (self._weights["programmes"] * times / (times + 1)).astype(np.float32)
        if self._close is not None:
            close = self._close[rows]
            yield (self._weights["network"] * close / (close + 1)).astype(np.float32)

    def _times(self, rows: Any) -> Floats | None:
        """How often each row was in the programmes asked for; naming one counts as once."""
        done = None if self._done is None else self._done[rows]
        if self._programmes is None:
            return done
        named = self._programmes[self._columns.sets["programmes"].number[rows]]
        times: Floats = named.astype(np.float64) if done is None else done + named
        return times


def _over(values: Floats) -> Rough:
    """One over each value."""
    over: Rough = np.divide(1, np.maximum(values, _NOTHING), dtype=np.float32)
    return over


def open_gates(profile: Profile, columns: Columns) -> NDArray[np.bool_]:
    """Return by gate whether the rules let its rows meet with a profile."""
    country, languages, accepts = columns.gates.parts
    speaks, takes = columns.sets["languages"], columns.sets["accepts"]
    wanted = profile.wanted or columns.codes["country"].keys()
    away = columns.among("country", wanted - profile.excluded - {profile.country})
    found: NDArray[np.bool_] = away.take(country)
    found &= takes.meeting(takes.mask([profile.country])).take(accepts)
    if profile.languages:
        found &= speaks.meeting(speaks.mask(profile.languages)).take(languages)
    return found
