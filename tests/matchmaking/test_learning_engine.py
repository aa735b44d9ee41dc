"""Weights from answers: planted ones are found, few answers change nothing."""

from dataclasses import replace

import numpy as np
import pytest

from matchmaking.engine.learning import SHARPNESS, Answered, learned_weights
from matchmaking.engine.profiles import Cooperation, Profile
from matchmaking.engine.weights import Settings
from matchmaking.engine.whatif import Ask, Exposure, Share, exposure_under

DEFAULTS = (0.4, 0.3, 0.2, 0.1, 0.0)


def lists(weights: tuple[float, ...], count: int, *, is_flat: bool = False) -> list[Answered]:
    """Lists of eight, of which one was chosen with the probability that those weights give."""
    rng = np.random.default_rng(1)
    made = []
    for _ in range(count):
        terms = rng.random((8, len(weights)))
        if is_flat:
            terms[:, 0] = 0.5
        powers = np.exp(SHARPNESS * (terms @ np.array(weights)))
        wanted = np.zeros(8)
        wanted[rng.choice(8, p=powers / powers.sum())] = 1
        made.append(Answered(terms, wanted))
    return made


def test_planted_weights_are_found_and_sum_to_what_the_defaults_do() -> None:
    planted = (0.1, 0.1, 0.2, 0.55, 0.05)
    found = learned_weights(lists(planted, 1500), DEFAULTS)
    assert found.is_learned
    assert found.outcomes == 12_000
    assert found.weights == pytest.approx(planted, abs=0.03)
    assert sum(found.weights) == pytest.approx(1, abs=1e-3)
    assert learned_weights(lists(planted, 1500), DEFAULTS) == found


def test_more_answers_lead_further_from_the_defaults_and_never_below_zero() -> None:
    planted = (0.0, 0.0, 0.0, 0.0, 1.0)
    away = [
        np.abs(np.array(learned_weights(lists(planted, count), DEFAULTS).weights) - DEFAULTS).sum()
        for count in (25, 100, 400)
    ]
    assert away == sorted(away)
    assert min(learned_weights(lists(planted, 400), DEFAULTS).weights) >= 0


def test_few_answers_leave_the_defaults() -> None:
    few = learned_weights(lists((0, 0, 0, 1, 0), 24), DEFAULTS)
    assert (few.weights, few.outcomes, few.is_learned) == (DEFAULTS, 192, False)
    assert learned_weights(lists((0, 0, 0, 1, 0), 25), DEFAULTS).is_learned
    silent = [replace(each, wanted=np.zeros(8)) for each in lists(DEFAULTS, 100)]
    assert learned_weights(silent, DEFAULTS).outcomes == 0


def test_a_term_about_which_the_answers_say_nothing_keeps_its_weight() -> None:
    found = learned_weights(lists((0.4, 0.1, 0.4, 0.1, 0.0), 400, is_flat=True), DEFAULTS)
    assert found.weights[0] == pytest.approx(0.4, abs=0.03)


def test_other_terms_than_the_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="one value for each weight"):
        learned_weights([Answered(np.zeros((2, 4)), np.zeros(2))], DEFAULTS)


def test_a_greater_discount_for_hubs_shows_others() -> None:
    space = frozenset({"space"})
    hub = Profile(1, "DE", needs=space, offers=space)
    small = Profile(2, "EE", needs=space, offers=space, size="xs", joined=90.0)
    asker = Profile(3, "FI", needs=space, offers=space)
    partners = [Profile(pk, "FI") for pk in range(4, 14)]
    done = [Cooperation(f"c{each.id}", frozenset({1, each.id})) for each in partners]
    profiles = [hub, small, asker, *partners]
    settings = replace(Settings(), small_part=0.0, newcomer_part=0.0, hub_partners=10)
    asks = [Ask(3, 1, 100.0)]

    def seen(discount: float) -> Exposure:
        return exposure_under(replace(settings, hub_discount=discount), asks, profiles, done)

    without, mild = seen(0.0), seen(0.5)
    assert without.by_country["DE"] == Share(1.0, 1 / 13)
    assert mild.by_country["EE"] == Share(1.0, 1 / 13)
    assert mild.by_size == {"": Share(0.0, 12 / 13), "xs": Share(1.0, 1 / 13)}
    assert mild.by_standing == {"newcomer": Share(1.0, 1 / 13), "others": Share(0.0, 12 / 13)}
    assert exposure_under(settings, asks, profiles, done, [(3, 1), (2, 3)]).places == 0
