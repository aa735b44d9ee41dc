"""What events show now, where the row that they are about says it all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from live.models import Event
from live.registry import EventData

Row = TypeVar("Row")


def subjects(events: Iterable[Event]) -> set[int]:
    """The ids of the rows that these events are about."""
    return {event.subject for event in events if event.subject is not None}


def by_subject(
    find: Callable[[set[int]], Mapping[int, Row]], show: Callable[[Row], Any] | None = None
) -> Callable[[Sequence[Event]], Sequence[EventData | None]]:
    """What a kind of event shows: its row as it is now, None when that is gone.

    Args:
        find: The rows by id, of those that are there.
        show: A row in the shape of the wire; without it, rows have that shape.
    """

    def present(events: Sequence[Event]) -> Sequence[EventData | None]:
        rows: Mapping[int, Any] = find(subjects(events))
        found = (rows.get(event.subject or 0) for event in events)
        return [show(row) if show and row is not None else row for row in found]

    return present
