"""The market: equal to sums in plain Python, the same in any order, and changed in place."""

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine import choosing
from matchmaking.engine.bits import BitSets
from matchmaking.engine.market import Market
from matchmaking.engine.profiles import Cooperation, Profile, Text
from matchmaking.engine.weights import Settings
from tests.matchmaking.reference import Reference

NOW = 1_800_000_000.0
DAY = 86400.0
COUNTRIES = ("DE", "EE", "FI", "LT", "PL", "SE")
WORDS = ("festival", "residency", "Tõlge", "film", "фестиваль", "studio", "Łódź", "glass", "music")
SECTORS = ("MUS", "MUS.live", "MUS.record", "VIS.media", "VIS", "DES.product")
CODES = tuple(f"form{number}" for number in range(70))
"""More than fit one word of bits."""


def sets(codes: tuple[str, ...], most: int = 4) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(codes), max_size=most)


texts = st.lists(
    st.builds(
        Text,
        st.sampled_from(("en", "de", "en-GB")),
        st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
    ),
    max_size=2,
).map(tuple)
moments = st.none() | st.integers(-120, 30).map(lambda days: NOW + days * DAY)
profiles = st.builds(
    Profile,
    id=st.integers(1, 40),
    country=st.sampled_from(COUNTRIES),
    region=st.sampled_from(("", "A1", "A2", "B1")),
    languages=sets(("en", "de", "et", "pl"), 2),
    sectors=sets(SECTORS),
    offers=sets(CODES[:4] + CODES[66:]),
    needs=sets(CODES[:4] + CODES[66:]),
    wanted=sets(COUNTRIES, 3),
    excluded=sets((*COUNTRIES, "RU"), 1),
    programmes=sets(("CE", "IR"), 2),
    size=st.sampled_from(("", "small", "large")),
    sizes=sets(("small", "large"), 2),
    kind=st.sampled_from(("", "network", "business")),
    looking_for=texts,
    offering=texts,
    description=texts,
    renewed=moments,
    expires=st.none() | st.integers(-5, 90).map(lambda days: NOW + days * DAY),
    joined=moments,
)
ids = st.integers(1, 40)
cooperations = st.builds(
    Cooperation,
    key=st.sampled_from("abcdef"),
    members=st.frozensets(ids, min_size=2, max_size=6),
    texts=texts,
    programmes=sets(("CE", "IR"), 1),
)


@settings(max_examples=50, deadline=None)
@given(
    crowd=st.lists(profiles, min_size=1, max_size=12, unique_by=lambda each: each.id),
    done=st.lists(cooperations, max_size=5, unique_by=lambda each: each.key),
    blocked=st.lists(st.tuples(ids, ids), max_size=3),
    hidden=st.dictionaries(st.tuples(ids, ids), st.sampled_from((NOW - 1, NOW + 1)), max_size=3),
    stranger=profiles,
    most=st.integers(1, 12),
)
def test_market_equals_plain_sums_to_the_last_bit(
    crowd: list[Profile],
    done: list[Cooperation],
    blocked: list[tuple[int, int]],
    hidden: dict[tuple[int, int], float],
    stranger: Profile,
    most: int,
) -> None:
    market = Market(crowd, done)
    for one, two in blocked:
        market.block(one, two)
    for (one, two), until in hidden.items():
        market.hide(one, two, until)
    plain = Reference(crowd, done, blocked, hidden)
    stranger = replace(stranger, id=99)
    for asking in (*crowd, stranger):
        found = market.suggest_for(asking, most, NOW)
        assert [(each.id, each.score, each.place) for each in found] == plain.suggest(
            asking, most, NOW
        )
    for here, there in itertools.islice(itertools.permutations(crowd, 2), 20):
        why = market.explain(here.id, there.id, NOW)
        assert why.fits == plain.allowed(here, there, NOW)
        assert why.score == pytest.approx(plain.score(here, there, NOW), abs=1e-12)
        values = plain.values(here, there, NOW)
        assert {term.name: term.value for term in why.terms} == {
            name: value for name, value in values.items() if value > 0
        }
        expected = plain.score(here, there, NOW) if why.fits else 0.0
        assert market.fit(here.id, there.id, NOW) == expected


def crowd_of(count: int, seed: int = 3) -> list[Profile]:
    chance = random.Random(seed)

    def some(codes: tuple[str, ...], most: int) -> frozenset[str]:
        return frozenset(chance.sample(codes, chance.randint(0, most)))

    def said() -> tuple[Text, ...]:
        return (
            Text("en", " ".join(chance.choices(WORDS, k=8)) + f" town{chance.randint(1, 60)}a"),
        )

    return [
        Profile(
            id=number,
            country=chance.choices(COUNTRIES, (30, 2, 10, 5, 20, 15))[0],
            languages=some(("en", "de", "et"), 2),
            sectors=some(SECTORS, 3),
            offers=some(CODES[:12], 4),
            needs=some(CODES[:12], 4),
            looking_for=said(),
            description=said(),
            renewed=NOW - chance.randint(0, 80) * DAY,
            joined=NOW - chance.randint(0, 800) * DAY,
        )
        for number in range(1, count + 1)
    ]


def everything(market: Market, asking: range, most: int = 20) -> list[object]:
    return [market.suggest(who, most, NOW) for who in asking]


def test_order_of_puts_and_what_was_dropped_make_no_difference() -> None:
    crowd = crowd_of(600)
    done = [
        Cooperation(
            f"c{number}", frozenset(each.id for each in random.Random(number).sample(crowd, 5))
        )
        for number in range(30)
    ]
    market = Market(crowd, done)
    expected = everything(market, range(1, 40))
    other = Market()
    shuffled = random.Random(1).sample(crowd, len(crowd))
    for number, profile in enumerate(shuffled):
        other.put(replace(profile, country="XX", offers=frozenset({"odd"}), description=()))
        other.put(Profile(10_000 + number, "YY", needs=frozenset({"odder"})))
        other.put(profile)
        if number == 300:
            # In the middle of changes somebody asks, so that there are arrays to pass over.
            other.suggest(profile.id, 5, NOW)
    for cooperation in reversed(done):
        other.record(cooperation)
    for number in range(len(crowd)):
        other.drop(10_000 + number)
    assert everything(other, range(1, 40)) == expected


def test_change_is_in_the_next_suggestions_of_everybody() -> None:
    crowd = crowd_of(600)
    market = Market(crowd)
    everything(market, range(1, 5))
    for changed in (crowd[0], crowd[1], crowd[0]):
        new = replace(
            changed, offers=frozenset(CODES[:9]), looking_for=(Text("en", "glass glass"),)
        )
        crowd[changed.id - 1] = new
        market.put(new)
        assert everything(market, range(1, 30)) == everything(Market(crowd), range(1, 30))
    market.drop(2)
    del crowd[1]
    assert everything(market, range(3, 30)) == everything(Market(crowd), range(3, 30))


def test_stretches_of_rows_are_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are scored in parts, and only those looked at closely that may be among the best."""
    market = Market(crowd_of(1000))
    whole = everything(market, range(1, 60))
    for stretch in (1, 37, 999):
        monkeypatch.setattr(choosing, "SOME", stretch)
        monkeypatch.setattr(choosing, "STRETCH", stretch)
        assert (
            everything(market, range(1, 60 if stretch > 1 else 5))
            == whole[: 59 if stretch > 1 else 4]
        )


def test_sets_that_nobody_holds_any_more_are_forgotten() -> None:
    bits = BitSets()
    bits.grow(2)
    for number in range(500):
        bits.put(0, (f"X{number % 90}", f"Y{number}"))
        bits.put_open(1, (f"X{number % 90}",))
        shared = bits.common(bits.mask(["X0", f"Y{number}"]))
        assert shared is not None
        assert shared[bits.number[0]] == 1 + (number % 90 == 0)
        assert bits.roots[bits.number].tolist() == [1 / 2**0.5, 0.0]
        missing = bits.meeting(bits.mask([f"X{number % 90}"]))
        assert missing[bits.number].tolist() == [True, False]
    assert len(bits) <= 4
    bits.put(0, ())
    assert bits.number[0] == 0


def test_empty_market_and_strangers() -> None:
    market = Market()
    assert market.suggest(1) == []
    assert market.suggest_for(Profile(1, "DE"), 20, NOW) == []
    market.put(Profile(2, "FI", renewed=NOW))
    assert [each.id for each in market.suggest_for(Profile(1, "DE"), 20, NOW)] == [2]
    assert market.suggest_for(Profile(1, "DE", expires=NOW), 20, NOW) == []
    assert market.suggest_for(Profile(1, "DE"), 0, NOW) == []
    with pytest.raises(KeyError):
        market.explain(1, 2)
    assert market.mutual([], NOW).shape == (0, 0)
    market.drop(3)
    market.drop(2)
    assert market.suggest_for(Profile(1, "DE"), 20, NOW) == []


def test_nothing_in_common_is_nobody() -> None:
    market = Market([Profile(1, "DE"), Profile(2, "FI")])
    assert market.suggest(1, 20, NOW) == []


def test_explanation_names_both_sides() -> None:
    here = Profile(
        1,
        "DE",
        languages=frozenset({"de", "sv", "en"}),
        sectors=frozenset({"VIS.media"}),
        needs=frozenset({"festival"}),
        offers=frozenset({"residency", "space"}),
        wanted=frozenset({"FI", "EE"}),
        looking_for=(Text("en", "A slot at a Festival of media art"),),
    )
    there = Profile(
        2,
        "FI",
        languages=frozenset({"sv", "en", "fi"}),
        sectors=frozenset({"VIS.media", "VIS.photo"}),
        needs=frozenset({"residency", "touring"}),
        offers=frozenset({"festival"}),
        offering=(Text("en", "festivals for media artists"),),
        renewed=NOW,
    )
    market = Market([here, there, Profile(3, "EE", offering=(Text("en", "glass"),))])
    why = market.explain(1, 2, NOW)
    assert why.fits
    assert why.languages == ("en", "sv")
    assert (why.wants_them, why.wanted_by_them) == (True, False)
    terms = {term.name: term for term in why.terms}
    assert [term.name for term in why.terms][:2] == ["reciprocal", "sought"]
    assert (terms["reciprocal"].mine, terms["reciprocal"].theirs) == (("festival",), ("residency",))
    assert terms["sectors"].mine == ("VIS", "VIS.media")
    assert (terms["sought"].mine, terms["sought"].theirs) == (
        ("Festival", "media"),
        ("festivals", "media"),
    )
    assert sum(term.share for term in why.terms) == pytest.approx(why.score)
    back = market.explain(2, 1, NOW)
    assert back.wanted_by_them
    assert {term.name: term for term in back.terms}["reciprocal"].theirs == ("festival",)


def test_blocks_answers_and_cooperation_keep_apart() -> None:
    crowd = [Profile(number, country, renewed=NOW) for number, country in enumerate(COUNTRIES, 1)]
    market = Market(crowd)

    def seen(who: int, now: float = NOW) -> list[int]:
        return sorted(each.id for each in market.suggest(who, 20, now))

    market.block(1, 2)
    assert (seen(1), 1 in seen(2)) == ([3, 4, 5, 6], False)
    market.unblock(2, 1)
    assert seen(1) == [2, 3, 4, 5, 6]
    market.hide(1, 3, NOW + DAY)
    assert (seen(1), 1 in seen(3)) == ([2, 4, 5, 6], True)
    assert seen(1, NOW + 2 * DAY) == [2, 3, 4, 5, 6]
    market.show(1, 3)
    market.cooperate(4, 1)
    assert (seen(1), seen(4)) == ([2, 3, 5, 6], [2, 3, 5, 6])
    market.unrecord("1-4")
    assert seen(1) == [2, 3, 4, 5, 6]
    assert [each.id for each in market.suggest(1, 20, NOW, without={2, 3})] == [4, 5, 6]


def test_who_left_stands_between_nobody() -> None:
    market = Market([Profile(1, "DE"), Profile(2, "FI"), Profile(3, "EE")])
    market.cooperate(1, 2)
    market.cooperate(2, 3)
    (close,) = market.suggest(1, 20, NOW)
    assert close.id == 3
    assert "network" in {term.name for term in market.explain(1, 3, NOW).terms}
    market.drop(2)
    assert "network" not in {term.name for term in market.explain(1, 3, NOW).terms}
    market.put(Profile(2, "FI"))
    assert market.suggest(1, 20, NOW) == [close]


def test_asking_in_place_of_the_known_profile() -> None:
    """Needs that nobody is to know of are met without being anybody's reason to be suggested."""
    known = Profile(1, "DE", renewed=NOW)
    other = Profile(2, "FI", offers=frozenset({"space"}), needs=frozenset({"film"}), renewed=NOW)
    market = Market([known, other])
    before = market.suggest(2, 20, NOW)
    secret = replace(known, needs=frozenset({"space"}), offers=frozenset({"film"}))
    assert market.suggest_for(secret, 20, NOW)[0].score > market.suggest(1, 20, NOW)[0].score
    assert market.suggest(2, 20, NOW) == before


def test_places_are_kept_for_small_countries_and_newcomers() -> None:
    many = [
        Profile(number, "DE", needs=frozenset({"a"}), renewed=NOW - DAY * (number % 60))
        for number in range(1, 400)
    ]
    few = [
        Profile(500 + number, "EE", needs=frozenset({"a"}), renewed=NOW - 80 * DAY)
        for number in range(60)
    ]
    new = Profile(600, "DE", needs=frozenset("ab"), renewed=NOW - 85 * DAY, joined=NOW - DAY)
    plain = Settings(small_part=0, newcomer_part=0)
    asking = Profile(1000, "SE", offers=frozenset({"a"}))
    without = Market([*many, *few, new], settings=plain).suggest_for(asking, 20, NOW)
    assert {each.place for each in without} == {""}
    assert not any(each.id >= 500 for each in without)
    found = Market([*many, *few, new]).suggest_for(asking, 20, NOW)
    assert len(found) == 20
    assert [each.id for each in found if each.place == "newcomer"] == [600]
    kept = [each.id for each in found if each.place == "small"]
    assert kept == [500 + number for number in range(len(kept))]
    assert len(kept) in (2, 3)
    stayed = [each.id for each in found if not each.place]
    assert stayed == [each.id for each in without][: len(stayed)]
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    # Who hardly fits is not put before those who do.
    poor = [replace(each, needs=frozenset("ab")) for each in few]
    crowded = Market([*many, *poor, replace(new, needs=frozenset("abcdef"))])
    assert {each.place for each in crowded.suggest_for(asking, 20, NOW)} == {""}


def test_mutual_fit_is_symmetric() -> None:
    market = Market(crowd_of(30))
    fits = market.mutual(range(1, 20), NOW)
    assert np.array_equal(fits, fits.T)
    assert fits[2, 5] == (market.fit(3, 6, NOW) + market.fit(6, 3, NOW)) / 2
    assert fits.any()


@settings(max_examples=50, deadline=None)
@given(
    crowd=st.lists(profiles, min_size=1, max_size=8, unique_by=lambda each: each.id),
    blocked=st.lists(st.tuples(ids, ids), max_size=3),
)
def test_apart_in_a_team_is_who_could_not_meet(
    crowd: list[Profile], blocked: list[tuple[int, int]]
) -> None:
    crowd = [replace(each, expires=None) for each in crowd]
    market, plain = Market(crowd), Reference(crowd, (), blocked)
    for one, two in blocked:
        market.block(one, two)
    blocks = {frozenset(pair) for pair in blocked}
    expected = [
        [
            one.id != two.id
            and (
                frozenset((one.id, two.id)) in blocks
                or (one.country != two.country and not plain.allowed(one, two, NOW))
            )
            for two in crowd
        ]
        for one in crowd
    ]
    assert market.apart([each.id for each in crowd]).tolist() == expected


class TestTraps:
    """Two things that unsigned words of NumPy do."""

    def test_negated_word_wraps_and_is_not_used(self) -> None:
        with np.errstate(over="ignore"):
            assert -np.array([1], np.uint64) == np.uint64(2**64 - 1)
        bits = BitSets()
        bits.grow(4)
        bits.put_open(0, ("DE",))
        bits.put(1, ("DE",))
        bits.put(2, [f"X{number}" for number in range(70)])
        for number in range(70):
            mask = bits.mask([f"X{number}"])
            assert bits.meeting(mask)[bits.number].tolist() == [True, False, True, False]
        assert bits.meeting(bits.mask(["DE"]))[bits.number].tolist() == [False, True, False, False]

    def test_root_of_a_count_of_bits_has_sixteen_bits_and_is_not_used(self) -> None:
        assert np.sqrt(np.bitwise_count(np.array([3], np.uint64))).dtype == np.float16
        needs = frozenset(CODES[:3])
        market = Market([Profile(1, "DE", needs=needs), Profile(2, "FI", offers=needs)])
        (term,) = market.explain(1, 2, NOW).terms
        assert term.value == 0.5 * 3 * (1 / 3**0.5) * (1 / 3**0.5)

    def test_more_than_255_codes_in_common(self) -> None:
        codes = frozenset(f"code{number}" for number in range(300))
        market = Market([Profile(1, "DE", needs=codes), Profile(2, "FI", offers=codes)])
        (term,) = market.explain(1, 2, NOW).terms
        assert term.value == pytest.approx(0.5)
