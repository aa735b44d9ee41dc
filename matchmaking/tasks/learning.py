"""Background work of learned weights."""

from datetime import timedelta

from jobs.periodic import periodic
from matchmaking.actions.learning import learn_weights


@periodic(name="matchmaking.learn", every=timedelta(days=1), lease=timedelta(minutes=10))
def learn() -> None:
    """Learn the weights anew from what was answered since yesterday, too."""
    learn_weights()
