"""Looking for words in text columns."""

from django.db import connection
from django.db.models import Q


def has_word(field: str, word: str) -> Q:
    """Where the field has the word, whatever its case.

    SQLite folds the case of ASCII letters only, so there `ö` is also looked for as `Ö`.
    """
    found = Q()
    spellings = {word}
    if connection.vendor == "sqlite":
        spellings |= {word.lower(), word.capitalize(), word.upper()}
    for spelling in sorted(spellings):
        found |= Q(**{f"{field}__icontains": spelling})
    return found
