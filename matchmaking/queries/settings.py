"""The settings with which suggestions are made, as everybody may read them."""

from dataclasses import fields
from typing import NamedTuple

from matchmaking.engine.weights import Settings, Weights
from matchmaking.models import MarketState


class Standing(NamedTuple):
    """What holds now, and from how many answers its weights were learned; 0 for the defaults."""

    settings: Settings
    outcomes: int


def standing_settings() -> Standing:
    """Return what holds now. One query."""
    row = MarketState.objects.filter(pk=1).only("weights", "outcomes").first()
    names = {each.name for each in fields(Weights)}
    if row is None or set(row.weights) != names:
        # Learned for other terms than there are by now.
        return Standing(Settings(), 0)
    return Standing(Settings(weights=Weights(**row.weights)), row.outcomes)


def settings_now() -> Settings:
    """Return the settings that hold now. One query."""
    return standing_settings().settings
