"""What became of suggestions, for the weights that are learned from it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import numpy as np
from django.db.models import Q

from base.clock import now
from matchmaking.engine.learning import Answered
from matchmaking.models import Introduction, Suggestion
from matchmaking.vocabulary import Answer, IntroductionState

LOOKED_BACK = timedelta(days=730)
MOST = 50_000
WORTH: Mapping[str, float] = {
    IntroductionState.OPEN: 2.0,
    IntroductionState.MET: 3.0,
    IntroductionState.COOPERATING: 4.0,
}
"""How good an outcome is; interest alone is worth 1."""


def answered_lists(terms: list[str]) -> Iterator[Answered]:
    """Yield what each organisation was shown on the same day and said something of or let go.

    Of the newest 50,000 of the last two years. Two queries.

    Args:
        terms: Names of the terms, in the order of the weights.
    """
    said = Q(lapsed_at__isnull=False) | ~Q(answer__in=("", Answer.LATER))
    rows = Suggestion.objects.filter(said, made_at__gt=now() - LOOKED_BACK).order_by("-pk")
    worth = _worth()
    lists: dict[Any, list[tuple[list[float], float]]] = defaultdict(list)
    for profile, other, made, answer, values in rows.values_list(
        "profile_id", "other_id", "made_at", "answer", "terms"
    )[:MOST]:
        pair = (min(profile, other), max(profile, other))
        good = max(worth.get(pair, 0.0), 1.0) if answer == Answer.INTERESTED else 0.0
        lists[profile, made.date()].append(([values.get(name, 0.0) for name in terms], good))
    for place in sorted(lists):
        shown = lists[place]
        yield Answered(
            np.array([values for values, _ in shown], dtype=np.float64),
            np.array([good for _, good in shown], dtype=np.float64),
        )


def _worth() -> dict[tuple[int, int], float]:
    rows = Introduction.objects.filter(opened_at__gt=now() - LOOKED_BACK)
    return {
        (first, second): WORTH.get(state, WORTH[IntroductionState.OPEN])
        for first, second, state in rows.values_list("first_id", "second_id", "state")
    }
