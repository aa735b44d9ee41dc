"""Looking for words in text columns."""

from django.db.models import Q


def has_word(field: str, word: str) -> Q:
    """Where the field has the word, whatever its case.

    SQLite folds the case of ASCII letters only, so `ö` is also looked for as `Ö`.
    """
    found = Q()
    for spelling in {word, word.lower(), word.capitalize(), word.upper()}:
        found |= Q(**{f"{field}__icontains": spelling})
    return found
