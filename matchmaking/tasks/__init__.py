"""Background work of matchmaking, noun by noun."""

from matchmaking.tasks import requests, suggestions

__all__ = ["requests", "suggestions"]
