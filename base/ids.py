"""Identifiers: idempotency keys and topic names as they come from outside."""

import re
import uuid

MAX_ID_DIGITS = 18
"""So many always fit the 64 bits of a column."""
TOPIC_NAME = re.compile(r"^([a-z]{1,20}):([1-9][0-9]{0,17})$")


def new_key() -> uuid.UUID:
    """A fresh idempotency key."""
    return uuid.uuid4()


def parse_key(value: object) -> uuid.UUID | None:
    """The UUID that ``value`` writes in its canonical form of 36 characters, else None."""
    if not isinstance(value, str) or len(value) != 36:  # noqa: PLR2004 - RFC 9562, section 4
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def parse_id(text: str) -> int | None:
    """The id that ``text`` writes in ASCII digits, at most 18 and nothing else, else None."""
    is_id = text.isascii() and text.isdigit() and len(text) <= MAX_ID_DIGITS
    return int(text) if is_id else None


def split_topic(name: str) -> tuple[str, int] | None:
    """Kind and id of a topic name such as ``chat:17``; None where it has not that form."""
    found = TOPIC_NAME.match(name)
    return (found[1], int(found[2])) if found else None
