"""What matchmaking keeps of people, noun by noun."""

from matchmaking.erasure import introductions, profiles, requests, rounds

__all__ = ["introductions", "profiles", "requests", "rounds"]
