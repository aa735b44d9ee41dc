"""Figures for organisers: what is counted, what is kept back, who sees them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from base.clock import now
from matchmaking.engine.weights import Settings
from matchmaking.models import (
    Choice,
    Introduction,
    MarketState,
    MatchingProfile,
    Suggestion,
)
from matchmaking.queries.figures import Row, Table, Tried, tables, tried_now, what_if
from matchmaking.rules.figures import LEAST, grouped, guarded, quartiles
from matchmaking.vocabulary import Answer, Facet, IntroductionState
from tests import factories

COUNTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 12), max_size=8)


@given(COUNTS)
def test_no_small_number_is_shown_nor_can_be_had_from_the_rest(counts: dict[str, int]) -> None:
    shown = guarded(counts)
    hidden = [name for name, value in shown.items() if value is None]
    assert all(value is None or value == 0 or value >= LEAST for value in shown.values())
    assert all(shown[name] in {None, counts[name]} for name in counts)
    # One number alone would be the total less the others.
    assert len(hidden) != 1 or sum(1 for value in counts.values() if value) == 1


@given(COUNTS, COUNTS)
def test_groups_have_five_candidates_at_least(
    candidates: dict[str, int], places: dict[str, int]
) -> None:
    groups = grouped(candidates, places)
    assert all(group.candidates >= LEAST for group in groups)
    codes = [code for group in groups for code in group.codes]
    assert len(codes) == len(set(codes))
    # Nobody is left out beside a group, or they could be had from the total.
    assert set(codes) in (set(), {code for code in candidates if code in codes})
    left = sum(count for code, count in candidates.items() if code not in codes)
    assert left == 0 or not groups


def test_quartiles_are_values_that_were_there() -> None:
    assert quartiles([1, 2, 3, 4]) is None
    assert quartiles([5, 1, 4, 2, 3]) == (2, 3, 4)


@pytest.fixture
def market(db: None) -> list[MatchingProfile]:
    """Six organisations of Germany, five of Estonia, one of Latvia; each knows some others."""
    found = []
    for number, country in enumerate(["DE"] * 6 + ["EE"] * 5 + ["LV"]):
        house = factories.organisation(country=country, size="micro")
        person = factories.member(consents=("directory", "matching"))
        factories.appointment(member=person, organisation=house)
        profile = MatchingProfile.objects.create(
            organisation=house,
            contact=person,
            expires_at=now() + timedelta(days=90),
            made_at=now() - timedelta(days=200 if number else 1),
        )
        for facet, code in ((Facet.OFFER, "space"), (Facet.NEED, "space"), (Facet.SECTOR, "MUS")):
            Choice.objects.create(profile=profile, facet=facet, code=code)
        MarketState.touch(MatchingProfile.objects.filter(pk=house.pk))
        found.append(profile)
    return found


def suggest(profile: MatchingProfile, other: MatchingProfile, **fields: Any) -> Suggestion:
    return Suggestion.objects.create(profile=profile, other=other, **fields)


def named(name: str, found: list[Table]) -> dict[str, tuple[int | float | None, ...]]:
    (table,) = [each for each in found if each.name == name]
    assert all(isinstance(row, Row) for row in table.rows)
    return {row.label: row.values for row in table.rows}


def test_exposure_puts_what_is_too_small_together(market: list[MatchingProfile]) -> None:
    for profile in market[:6]:
        suggest(profile, market[6])
    suggest(market[6], market[0])
    suggest(market[11], market[0])
    suggest(market[0], market[1], made_at=now() - timedelta(days=40))
    found = tables(30)
    countries = named("exposure-country", found)
    # Latvia's one is not shown alone, so the next smallest is put with it.
    assert countries == {
        "Germany": (0.25, 0.5, 0.5),
        "Estonia and Latvia": (0.75, 0.5, 1.5),
    }
    assert named("exposure-sector", found) == {"Music": (1.0, 1.0, 1.0)}
    assert named("exposure-size", found)["2 to 9 people"] == (1.0, 1.0, 1.0)


def test_answers_funnel_and_times(market: list[MatchingProfile]) -> None:
    at = now() - timedelta(days=3)
    for profile in market[:6]:
        suggest(
            profile, market[6], made_at=at, answer=Answer.INTERESTED,
            answered_at=at + timedelta(hours=10),
        )  # fmt: skip
    for profile in market[6:11]:
        suggest(profile, market[0], made_at=at)
    suggest(market[11], market[0], made_at=at, answer=Answer.DECLINED, answered_at=at)
    for profile in market[1:6]:
        Introduction.objects.create(
            first=market[0], second=profile, state=IntroductionState.OPEN,
            made_at=at, opened_at=at + timedelta(hours=50),
        )  # fmt: skip
    found = tables(30)
    assert named("answers", found) == {
        "No answer yet": (None, None),
        "Interested": (0.5, 6),
        "Not now": (0.0, 0),
        "Not this one": (None, None),
    }
    assert named("times", found) == {
        "From suggestion to answer": (10, 10, 10),
        "Until both agreed": (50, 50, 50),
    }
    assert [values[1] for values in named("funnel", found).values()] == [12, 6, 5, 0, 0]


def test_other_settings_are_tried_on_the_same_lists(market: list[MatchingProfile]) -> None:
    for profile in market[1:]:
        suggest(profile, market[0])
    held = tried_now()
    assert held.hub_discount == Settings().hub_discount
    version = MarketState.now_at()
    same = named("what-if-country", what_if(held))
    assert {before == after for before, after, _share in same.values()} == {True}
    other = named("what-if-standing", what_if(Tried(0.0, 0.0, 1.0)))
    # One newcomer alone is too few to be a group of its own, and all together say nothing.
    assert other == {}
    assert MarketState.now_at() == version


PAGES = {
    # stranger member organiser staff guest
    "/partners/figures/": "302 403 200 200 404",
    "/partners/figures/funnel.csv": "302 403 200 200 404",
    "/partners/figures/nothing.csv": "302 403 404 404 404",
    "/partners/figures/what-if/?hub_discount=5&small_part=80&newcomer_part=10": (
        "302 403 200 200 404"
    ),
    "/partners/figures/what-if/?hub_discount=x": "302 403 422 422 404",
    "/partners/how/": "200 200 200 200 200",
}


def test_figures_are_for_organisers_and_how_it_works_for_everybody(
    market: list[MatchingProfile],
) -> None:
    people = {
        "member": factories.member(),
        "organiser": factories.member(is_organiser=True),
        "staff": factories.member(is_staff=True),
        "guest": factories.member(kind="guest"),
    }
    found = {}
    for page in PAGES:
        codes = []
        for who in ("stranger", *people):
            client = Client()
            if who in people:
                client.force_login(people[who])
            codes.append(str(client.get(page).status_code))
        found[page] = " ".join(codes)
    assert found == PAGES


def test_page_draws_bars_and_spreadsheet_has_the_same(market: list[MatchingProfile]) -> None:
    client = Client()
    client.force_login(factories.member(is_organiser=True))
    suggest(market[0], market[6])
    page = client.get("/partners/figures/?days=90").content.decode()
    assert page.count('<svg class="bars-bar') > 0
    assert "style=" not in page
    for profile in market[1:6]:
        suggest(profile, market[6])
    answer = client.get("/partners/figures/exposure-country.csv?days=90")
    lines = answer.content.decode().lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    assert lines[0].startswith('"By country","Share of suggestions"')
    assert lines[1:] == ['"Germany","0.0","0.5","0.0"', '"Estonia and Latvia","1.0","0.5","2.0"']
