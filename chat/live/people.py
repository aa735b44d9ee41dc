"""What channels say of the people who are named in them."""

from collections.abc import Sequence

from chat.events.people import PersonChanged
from live.models import Event
from live.registry import EventData
from live.showing import subjects
from members.events import Card
from members.queries import member_cards

EVENTS: dict[str, type[EventData]] = {"person.changed": PersonChanged}


def present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """Their cards now, by position; None for whom the site has forgotten. One query."""
    cards = member_cards(subjects(events))
    found = (cards.get(event.subject or 0) for event in events)
    return [PersonChanged(member=Card(**card)) if card else None for card in found]
