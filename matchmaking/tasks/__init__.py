"""Background work of matchmaking, noun by noun."""

from matchmaking.tasks import consortia, learning, requests, suggestions

__all__ = ["consortia", "learning", "requests", "suggestions"]
