"""Tables of matchmaking."""

from matchmaking.models.profiles import Choice, MarketState, MatchingProfile

__all__ = [
    "Choice",
    "MarketState",
    "MatchingProfile",
]
