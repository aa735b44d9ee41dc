"""What matchmaking keeps of people, noun by noun."""

from matchmaking.erasure import consortia, groups, introductions, profiles, requests, rounds

__all__ = ["consortia", "groups", "introductions", "profiles", "requests", "rounds"]
