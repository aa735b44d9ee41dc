"""Writes of learned weights."""

from django.db import transaction

from matchmaking.engine.learning import Learned, learned_weights
from matchmaking.engine.weights import Weights
from matchmaking.models import MarketState
from matchmaking.queries.outcomes import answered_lists


def learn_weights() -> Learned:
    """Learn the weights from what became of suggestions, and let every process use them.

    Below :data:`matchmaking.engine.learning.ENOUGH` outcomes the defaults hold.
    """
    defaults = Weights().as_dict()
    learned = learned_weights(list(answered_lists(list(defaults))), list(defaults.values()))
    weights = dict(zip(defaults, learned.weights, strict=True)) if learned.is_learned else {}
    outcomes = learned.outcomes if learned.is_learned else 0
    if not MarketState.objects.filter(pk=1, weights=weights, outcomes=outcomes).exists():
        with transaction.atomic():
            MarketState.touch()
            MarketState.objects.filter(pk=1).update(weights=weights, outcomes=outcomes)
    return learned
