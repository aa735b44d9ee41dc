"""What matchmaking tells members that happened while they were elsewhere, noun by noun."""

from matchmaking.notices import consortia, requests, suggestions

__all__ = ["consortia", "requests", "suggestions"]
