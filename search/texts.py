"""A text as apps hand it to the index."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Text:
    """One row's text.

    Attributes:
        id: Of the row, within its kind.
        place_id: Where it stands, e.g. the room.
        body: Plain text; the index takes the first 20,000 characters.
        language: BCP 47; empty where it is not known.
    """

    id: int
    place_id: int
    title: str
    body: str
    language: str
    author_id: int | None
    at: datetime
    has_link: bool = False
    has_file: bool = False
