"""Explanations of the engine: of many at once, and the words that they quote."""

from matchmaking.engine.market import Market
from matchmaking.engine.profiles import Profile, Text

NOW = 1_790_000_000.0
COUNTRIES = ("DE", "DK", "EE", "FI")


def test_explained_together_is_explained_one_by_one() -> None:
    crowd = [
        Profile(
            number,
            country,
            needs=frozenset({"festival"}),
            offers=frozenset({"festival", "space"}),
            looking_for=(Text("en", "puppet festival"),),
            offering=(Text("en", "a festival for glass"),),
            renewed=NOW,
        )
        for number, country in enumerate(COUNTRIES, 1)
    ]
    market = Market(crowd)
    market.cooperate(1, 2)
    others = [2, 3, 1, 99]
    found = market.explain_all(crowd[0], others, NOW)
    assert found == {other: market.explain(1, other, NOW) for other in (2, 3, 1)}
    assert [found[other].fits for other in (2, 3, 1)] == [False, True, False]
    assert market.explain_all(crowd[0], [99], NOW) == {}


def test_words_that_say_nothing_are_not_quoted() -> None:
    """Neither those of the text's own language, nor of another where it says the wrong one."""
    asking = Profile(
        1, "DE", looking_for=(Text("en", "three residencies for and with glass und für nie ja"),)
    )
    other = Profile(
        2,
        "FI",
        offering=(Text("en", "Three times glass and more, for all, with love; und für nie ja"),),
    )
    (sought,) = [
        term for term in Market([asking, other]).explain(1, 2, NOW).terms if term.name == "sought"
    ]
    assert (sought.mine, sought.theirs) == (("glass",), ("glass",))
