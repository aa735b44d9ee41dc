"""The states of an introduction, and what of them each side may know.

Invariants: it opens if and only if both said yes while it waited; a no changes nothing that the
other side or an intermediary can see, neither now nor when it runs out; saying the same twice is
saying it once, and what both say at once comes out the same in either order.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from matchmaking.vocabulary import RUNNING, WAITING, IntroductionState, Said


class Side(IntEnum):
    """The two sides of an introduction: the one with the lower id is the first."""

    FIRST = 0
    SECOND = 1

    @property
    def other(self) -> "Side":
        """The side across."""
        return Side(1 - self)


@dataclass(frozen=True)
class Standing:
    """How an introduction stands, whoever asks.

    Attributes:
        said: What each side said, the first one's first.
        answer_by: When it runs out unless both have said yes.
    """

    state: IntroductionState
    said: tuple[Said, Said]
    answer_by: datetime

    def at(self, moment: datetime) -> "Standing":
        """How it stands at a moment: closed where its time ran out."""
        if self.state in WAITING and self.answer_by <= moment:
            return replace(self, state=IntroductionState.CLOSED)
        return self


def after_saying(standing: Standing, side: Side, said: Said) -> Standing:
    """Return how it stands once a side said something; unchanged unless it waits."""
    if standing.state not in WAITING:
        return standing
    both = (said, standing.said[1]) if side == Side.FIRST else (standing.said[0], said)
    agreed = both.count(Said.YES)
    state = (IntroductionState.PROPOSED, IntroductionState.ACCEPTED, IntroductionState.OPEN)[agreed]
    return replace(standing, state=state, said=both)


def next_states(state: IntroductionState) -> tuple[IntroductionState, ...]:
    """Return the states that either side may set by one click, in the order of their course."""
    if state not in RUNNING:
        return ()
    course = (IntroductionState.MET, IntroductionState.COOPERATING, IntroductionState.CLOSED)
    return tuple(each for each in course if each != state)


def as_seen_by(standing: Standing, side: Side | None) -> IntroductionState:
    """Return the state as a side, or an intermediary (None), may know it.

    Whoever said no sees it as closed; everybody else sees a no as no answer.
    """
    if side is not None and standing.state in WAITING and standing.said[side] == Said.NO:
        return IntroductionState.CLOSED
    return standing.state
