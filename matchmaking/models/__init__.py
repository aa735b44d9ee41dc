"""Tables of matchmaking."""

from matchmaking.models.introductions import Introduction
from matchmaking.models.profiles import Choice, MarketState, MatchingProfile
from matchmaking.models.suggestions import Suggestion

__all__ = [
    "Choice",
    "Introduction",
    "MarketState",
    "MatchingProfile",
    "Suggestion",
]
