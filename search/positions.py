"""A place in the results as addresses carry it."""

from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from base.ids import parse_id
from search.queries import Position


def as_text(position: Position) -> str:
    """The position in an address."""
    return f"{position.at.isoformat()}~{position.id}"


def read(text: str) -> Position | None:
    """The position that a text says; None if it says none."""
    at, _, digits = text.partition("~")
    number = parse_id(digits)
    if number is None:
        return None
    try:
        moment: datetime | None = parse_datetime(at)
    except ValueError:
        return None
    # A plus sign in an address is a space.
    return Position(moment, number) if moment is not None and is_aware(moment) else None
