"""Weights learned from what people answered, kept as numbers that one can read.

Listwise: among the suggestions that one asker had together, the chosen ones should have the
greatest scores (softmax cross-entropy, the top-one loss of ListNet; Cao et al., Learning to rank,
ICML 2007), with a quadratic pull towards the defaults, so that a term about which the answers say
nothing keeps its default. Invariants: weights are not negative and sum to what the defaults sum to;
the same answers give the same weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENOUGH = 200
PULL = 2.0
SHARPNESS = 20.0


@dataclass(frozen=True)
class Answered:
    """What one asker was shown together, and which of it was wanted.

    Attributes:
        terms: Suggestion by term, values between 0 and 1 in the order of the weights.
        wanted: By suggestion, how good its outcome was, 0 for none; some suggestions may be good.
    """

    terms: NDArray[np.float64]
    wanted: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights, and from how much they came.

    Attributes:
        weights: In the order of the defaults.
        outcomes: Suggestions of lists with a choice in them.
        is_learned: Whether there were enough of them; else the weights are the defaults.
    """

    weights: tuple[float, ...]
    outcomes: int
    is_learned: bool


def learned_weights(
    lists: Sequence[Answered], defaults: Sequence[float], *, enough: int = ENOUGH
) -> Learned:
    """Weights that put what was wanted before what was shown with it.

    Args:
        lists: What was shown together; a list with nothing wanted, or only one suggestion, says
            nothing and is left out.
        defaults: The weights without any answers, not negative, not all zero.
        enough: Outcomes from which on they count.

    Raises:
        ValueError: a list has other terms than the defaults.
    """
    start = np.array(defaults, dtype=np.float64)
    if any(each.terms.shape != (len(each.wanted), len(start)) for each in lists):
        message = "every suggestion has one value for each weight"
        raise ValueError(message)
    telling = [each for each in lists if len(each.wanted) > 1 and each.wanted.max() > 0]
    outcomes = sum(len(each.wanted) for each in telling)
    if outcomes < enough:
        return Learned(tuple(start.tolist()), outcomes, is_learned=False)
    terms = np.concatenate([each.terms for each in telling])
    target = np.concatenate([each.wanted / each.wanted.sum() for each in telling])
    sizes = np.array([len(each.wanted) for each in telling])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    total = float(start.sum())

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = SHARPNESS * (terms @ weights)
        highest = np.repeat(np.maximum.reduceat(scores, first), sizes)
        powers = np.exp(scores - highest)
        sums = np.repeat(np.add.reduceat(powers, first), sizes)
        crossed = float(target @ (np.log(sums) - (scores - highest)))
        away = weights - start
        gradient = SHARPNESS * (terms.T @ (powers / sums - target))
        pulled = PULL * SHARPNESS**2
        value = crossed + pulled * float(away @ away) / 2
        return value, gradient + pulled * away

    # A third of a second at every start, for what is done once a day.
    from scipy.optimize import minimize

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start))
    weights = found.x * (total / found.x.sum()) if found.x.sum() > 0 else start
    # Four digits can be read, and published; more would only be the solver's.
    return Learned(tuple(np.round(weights, 4).tolist()), outcomes, is_learned=True)
