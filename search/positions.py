"""A place in the results as addresses carry it."""

from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from search.queries import Position

MAX_ID_DIGITS = 18


def as_text(position: Position) -> str:
    """The position in an address."""
    return f"{position.at.isoformat()}~{position.id}"


def read(text: str) -> Position | None:
    """The position that a text says; None if it says none."""
    at, _, number = text.partition("~")
    if not number.isascii() or not number.isdigit() or len(number) > MAX_ID_DIGITS:
        return None
    try:
        moment: datetime | None = parse_datetime(at)
    except ValueError:
        return None
    # A plus sign in an address is a space.
    return Position(moment, int(number)) if moment is not None and is_aware(moment) else None
