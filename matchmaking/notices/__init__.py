"""What matchmaking tells members that happened while they were elsewhere, noun by noun."""

from matchmaking.notices import requests, suggestions

__all__ = ["requests", "suggestions"]
