"""One who asks, and how well every row fits.

The large terms are added up in single precision for a whole stretch of rows (`rough`), and only
rows that may still come among the best are looked at closely (`scores`). Invariants: the close look
adds the terms in the order of :class:`matchmaking.engine.weights.Weights`, so that a plain sum in
that order is equal to the last bit; a term that the asking side knows nothing for is nobody's.
"""

import math
from collections.abc import Collection, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.columns import ONE_SIDED, Columns, Floats, Rough, root, whole
from matchmaking.engine.network import LIFTED, Network
from matchmaking.engine.profiles import Profile
from matchmaking.engine.weights import Settings
from matchmaking.engine.words import UNIT

NOBODY: Final = -2.0
"""What is roughly known of a row that the rules keep apart."""

TINY: Final = 1e-300
"""Keeps a division by nothing from being one, and changes nothing else."""

MOST_EXPERIENCE: Final = 100
EXPERIENCE: Final = [
    math.log1p(times) / math.log1p(MOST_EXPERIENCE) for times in range(MOST_EXPERIENCE + 1)
]
"""What so many cooperations count as experience."""

ROUGHNESS: Final = 1e-5
"""What single precision may be wrong by."""

_FINE: Final = (*LIFTED, "experience", "sizes", "fresh")


class Question:
    """A profile that asks, prepared once for all rows.

    Attributes:
        profile: Who asks.
        moment: When, in seconds since 1970.
        headroom: The most that a score can be above what is roughly known of it.
    """

    def __init__(
        self,
        profile: Profile,
        columns: Columns,
        network: Network,
        settings: Settings,
        moment: float,
        texts: dict[str, Floats | None],
        gone: Collection[int],
    ) -> None:
        self.profile = profile
        self._columns, self._settings, self.moment = columns, settings, moment
        self._weights = settings.weights.as_dict()
        self._network = network
        row = columns.row
        self._gone = np.array(sorted(row[who] for who in gone if who in row), np.intp)
        self._prepare_rules()
        self._prepare_sets()
        self._texts = texts
        self._done = self._times_in_programmes()
        close = network.closeness(row.get(profile.id))
        self._close = None if close is None else close[: columns.used]
        self._spread = self._spread_out()
        self._lifts = {
            what: columns.by_code(what, found)
            for what in LIFTED
            if (found := network.lifts(what, getattr(profile, what)))
        }
        self._experience = np.array(EXPERIENCE)
        sizes = columns.sets["sizes"]
        self._my_size = sizes.mask([profile.size]) if profile.size in sizes.places else None
        self._their_sizes = columns.among("size", profile.sizes) if profile.sizes else None
        most = {what: float(table.max()) for what, table in self._lifts.items()}
        self.headroom = ROUGHNESS + sum(
            max(0.0, self._weights[name]) * (most.get(name, 0.0) if name in LIFTED else 1.0)
            for name in _FINE
        )

    def _prepare_rules(self) -> None:
        profile, columns = self.profile, self._columns
        self._country = columns.codes["country"].get(profile.country)
        self._accepts = columns.sets["accepts"].mask([profile.country])
        self._speaks = columns.sets["languages"].mask(profile.languages)
        self._wanted: NDArray[np.bool_] | None = None
        if profile.wanted:
            self._wanted = columns.among("country", profile.wanted - profile.excluded)
        elif profile.excluded:
            self._wanted = ~columns.among("country", profile.excluded)

    def _prepare_sets(self) -> None:
        profile, sets = self.profile, self._columns.sets
        sectors = whole(profile.sectors)
        self._masks = {
            "sectors": (sets["sectors"].mask(sectors), root(len(sectors))),
            "offers": (sets["offers"].mask(profile.needs), root(len(profile.needs))),
            "needs": (sets["needs"].mask(profile.offers), root(len(profile.offers))),
        }
        self._programmes = sets["programmes"].mask(profile.programmes)

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
        """Return the large terms' sum to six digits, NOBODY where the rules keep apart."""
        total = self._rough_reciprocal(rows)
        for part in (self._rough_sectors(rows), self._rough_rest(rows)):
            if part is not None:
                total = part if total is None else np.add(total, part, out=total)
        if total is None:
            total = np.zeros(rows.stop - rows.start, np.float32)
        # Whoever is not allowed gets minus 2; faster than to write where a mask says so.
        total += 2
        total *= self.allowed(rows)
        total -= 2
        if len(self._gone):
            gone = self._gone[np.searchsorted(self._gone, rows.start) :]
            total[gone[: np.searchsorted(gone, rows.stop)] - rows.start] = NOBODY
        return total

    def scores(self, rows: NDArray[np.intp]) -> Floats:
        """Return the exact scores of these rows, the rules apart."""
        total = np.zeros(len(rows))
        for name, values in self._terms(rows):
            total += self._weights[name] * values
        return total * self.kept(rows)

    def allowed(self, rows: Any) -> NDArray[np.bool_]:
        """Return which rows the hard rules let meet with the asking side; `gone` is not looked at.

        Args:
            rows: A slice, or an array of row numbers.

        Returns:
            Those of another country, each in a country that the other takes, with a language in
            common where both name some, and not expired.
        """
        columns, sets = self._columns, self._columns.sets
        allowed: NDArray[np.bool_] = columns.expires[rows] > self.moment
        country = columns.numbers["country"][rows]
        if self._country is not None:
            allowed &= country != self._country
        allowed &= sets["accepts"].meeting(self._accepts, rows)
        if self._wanted is not None:
            allowed &= self._wanted[country]
        if self.profile.languages:
            allowed &= sets["languages"].meeting(self._speaks, rows)
        return allowed

    def kept(self, rows: Any) -> Floats:
        """Return the share of the score that each row keeps; hubs lose some."""
        if not self._settings.hub_discount:
            return np.ones(len(self._columns.ids[rows]))
        partners = self._network.partners[rows]
        lost = self._settings.hub_discount * partners / (partners + self._settings.hub_partners)
        kept: Floats = 1 - lost
        return kept

    def values(self, rows: NDArray[np.intp]) -> dict[str, Floats]:
        """Return every term's values for these rows, by name; nobody's terms are left out."""
        return dict(self._terms(rows))

    def are_gone(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return which rows are left out for what was answered, blocked or done before."""
        return np.isin(rows, self._gone)

    def _terms(self, rows: NDArray[np.intp]) -> Iterator[tuple[str, Floats]]:
        """Yield the values of all terms that anybody can have, in the order of the weights."""
        yield "reciprocal", self._reciprocal(rows)
        yield "sectors", self._cosine("sectors", rows)
        for name, scores in self._texts.items():
            if scores is not None:
                yield name, scores[rows] / (UNIT * UNIT)
        times = self._times(rows)
        if times is not None:
            yield "programmes", times / (times + 1)
        if self._close is not None:
            close = self._close[rows]
            yield "network", close / (close + 1)
        columns = self._columns
        for what, table in self._lifts.items():
            yield what, table[columns.numbers[what][rows]]
        times = np.minimum(self._network.experience[rows], MOST_EXPERIENCE)
        yield "experience", self._experience[times]
        if self._my_size is not None or self._their_sizes is not None:
            sizes = np.zeros(len(rows))
            if self._their_sizes is not None:
                sizes += 0.5 * self._their_sizes[columns.numbers["size"][rows]]
            if self._my_size is not None:
                sizes += 0.5 * columns.sets["sizes"].meeting(self._my_size, rows)
            yield "sizes", sizes
        age = (self.moment - columns.renewed[rows]) / self._settings.fresh_s
        yield "fresh", np.minimum(1.0, np.maximum(0.0, 1 - age))

    def _reciprocal(self, rows: NDArray[np.intp]) -> Floats:
        """Harmonic mean of what each offers of what the other needs.

        Where only one side names needs, its half counts.
        """
        mine, theirs = self._cosine("offers", rows), self._cosine("needs", rows)
        if not self.profile.needs:
            return ONE_SIDED * theirs
        both: Floats = 2 * (mine * theirs) / (mine + theirs + TINY)
        silent = self._columns.sizes["needs"][rows] == 0
        return np.where(silent, ONE_SIDED * mine, both)

    def _cosine(self, name: str, rows: NDArray[np.intp]) -> Floats:
        """What a set of each row has in common with one: shared, over the root of both sizes."""
        mask, inverse = self._masks[name]
        shared = self._columns.sets[name].common(mask, rows)
        if shared is None:
            return np.zeros(len(rows))
        sizes = np.maximum(self._columns.sizes[name][rows], 1)
        values: Floats = shared * (1 / np.sqrt(sizes, dtype=np.float64)) * inverse
        return values

    def _rough_reciprocal(self, rows: slice) -> Rough | None:
        """As `_reciprocal`, times its weight."""
        weight = np.float32(self._weights["reciprocal"])
        mine, theirs = self._rough_cosine("offers", rows), self._rough_cosine("needs", rows)
        if not self.profile.needs:
            return None if theirs is None else np.multiply(theirs, weight * ONE_SIDED, out=theirs)
        if mine is None:
            return None
        if theirs is None:
            mine *= self._columns.silent[rows]
            mine *= weight
            return mine
        total = mine * theirs
        total *= 2 * weight
        theirs += mine
        theirs += np.float32(1e-30)
        total /= theirs
        mine *= self._columns.silent[rows]
        mine *= weight
        total += mine
        return total

    def _rough_sectors(self, rows: slice) -> Rough | None:
        total = self._rough_cosine("sectors", rows)
        return None if total is None else np.multiply(total, self._weights["sectors"], out=total)

    def _rough_cosine(self, name: str, rows: slice) -> Rough | None:
        mask, inverse = self._masks[name]
        shared = self._columns.sets[name].common(mask, rows)
        if shared is None:
            return None
        total = np.multiply(shared, self._columns.roots[name][rows], dtype=np.float32)
        return np.multiply(total, inverse, out=total)

    def _rough_rest(self, rows: slice) -> Rough | None:
        """Texts, programmes and the network, times their weights."""
        total: Rough | None = None if self._spread is None else self._spread[rows]
        times = self._times(rows)
        if times is not None:
            part = (self._weights["programmes"] * times / (times + 1)).astype(np.float32)
            total = part if total is None else part + total
        return total

    def _spread_out(self) -> Rough | None:
        """Texts and the network by row, times their weights; None where they are of no use."""
        total: Floats | None = None
        for name, scores in self._texts.items():
            if scores is not None:
                part = self._weights[name] / (UNIT * UNIT) * scores
                total = part if total is None else np.add(total, part, out=total)
        if self._close is not None:
            part = self._weights["network"] * self._close / (self._close + 1)
            total = part if total is None else np.add(total, part, out=total)
        return None if total is None else total.astype(np.float32)

    def _times(self, rows: Any) -> Floats | None:
        """How often each row was in the programmes asked for; naming one counts as once."""
        named = self._columns.sets["programmes"].common(self._programmes, rows)
        done = None if self._done is None else self._done[rows]
        if named is None or done is None:
            return done if named is None else named.astype(np.float64)
        times: Floats = done + named
        return times
