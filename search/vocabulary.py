"""Limits of the search, and the words of its query language."""

from typing import Final

MAX_QUERY: Final = 300
MAX_TERMS: Final = 16
MAX_NAMES: Final = 50
"""People or places that one name in a query may stand for."""
PAGE: Final = 20
MAX_PAGE: Final = 50
MAX_BODY: Final = 20_000
"""Characters of a text that are indexed."""
SNIPPET: Final = 220
"""Characters of a text that a result shows."""

FILTERS: Final = ("from", "in", "before", "after", "on", "has", "lang")
HAS: Final = ("link", "file")
