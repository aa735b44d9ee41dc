"""What matchmaking keeps of people, noun by noun."""

from matchmaking.erasure import introductions, profiles, requests

__all__ = ["introductions", "profiles", "requests"]
