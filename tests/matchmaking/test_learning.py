"""Weights learned from answers: kept, used by the market, published; too few change nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from base.clock import now
from matchmaking.actions.learning import learn_weights
from matchmaking.engine.learning import ENOUGH
from matchmaking.engine.weights import Settings, Weights
from matchmaking.models import Introduction, MarketState, MatchingProfile, Suggestion
from matchmaking.queries.market import current_market
from matchmaking.queries.outcomes import answered_lists
from matchmaking.queries.settings import settings_now
from matchmaking.vocabulary import PROFILE_LASTS
from tests import factories

pytestmark = pytest.mark.django_db
ASKERS, SHOWN = 12, 20
TERMS = list(Weights().as_dict())


@pytest.fixture
def profiles() -> list[MatchingProfile]:
    """Profiles of organisations that all have one contact."""
    contact = factories.member()
    return MatchingProfile.objects.bulk_create(
        MatchingProfile(
            organisation=factories.organisation(), contact=contact, expires_at=now() + PROFILE_LASTS
        )
        for _ in range(ASKERS + SHOWN)
    )


def answer(profiles: list[MatchingProfile], askers: int) -> None:
    """Each asker wants the one that says best in words what they look for, and no other."""
    Suggestion.objects.bulk_create(
        Suggestion(
            profile=asker,
            other=other,
            terms={"reciprocal": 1 - place / SHOWN, "sought": place / SHOWN},
            answer="interested" if place == SHOWN - 1 else "declined",
            answered_at=now(),
        )
        for asker in profiles[:askers]
        for place, other in enumerate(profiles[ASKERS:])
    )


def test_what_was_wanted_counts_more_from_then_on(
    profiles: list[MatchingProfile], client: Client
) -> None:
    answer(profiles, ASKERS)
    before = current_market()
    assert before.settings == Settings()
    learned = learn_weights()
    held = settings_now().weights
    assert (learned.is_learned, learned.outcomes) == (True, ASKERS * SHOWN)
    assert held.sought > Weights().sought
    assert held.reciprocal < Weights().reciprocal
    assert current_market().settings.weights == held
    page = client.get(reverse("matchmaking:how")).content.decode()
    assert f"learned from {ASKERS * SHOWN} answers" in page
    version = MarketState.now_at()
    learn_weights()
    assert MarketState.now_at() == version
    # Terms that the score has no more say nothing.
    MarketState.objects.update(weights={"charm": 1.0})
    assert settings_now() == Settings()


def test_few_answers_leave_the_defaults(profiles: list[MatchingProfile], client: Client) -> None:
    answer(profiles, ENOUGH // SHOWN - 1)
    assert not learn_weights().is_learned
    assert settings_now() == Settings()
    page = client.get(reverse("matchmaking:how")).content.decode()
    assert f"learned from answers once {ENOUGH} are there" in page


def test_what_waits_says_nothing_and_what_came_of_it_says_more(
    profiles: list[MatchingProfile],
) -> None:
    one, open_, later, gone, met, meant = profiles[:6]
    for other, values in (
        (open_, {}),
        (later, {"answer": "later", "until": now() + timedelta(days=7)}),
        (gone, {"lapsed_at": now()}),
        (met, {"answer": "interested"}),
        (meant, {"answer": "interested"}),
    ):
        Suggestion.objects.create(profile=one, other=other, terms={"fresh": 0.5}, **values)
    Introduction.objects.create(first=one, second=met, state="met", opened_at=now())
    (found,) = answered_lists(TERMS)
    assert sorted(found.wanted.tolist()) == [0.0, 1.0, 3.0]
    assert found.terms[:, TERMS.index("fresh")].tolist() == [0.5] * 3
    assert found.terms.sum() == 1.5
