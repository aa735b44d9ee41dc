"""What matchmaking keeps of people, noun by noun."""

from matchmaking.erasure import profiles

__all__ = ["profiles"]
