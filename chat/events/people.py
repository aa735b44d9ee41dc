"""What a channel says of the people in it, whatever they said."""

from live.registry import EventData
from members.events import Card


class PersonChanged(EventData, frozen=True, kw_only=True):
    """Somebody who is named in the channel has another card, or perhaps another picture.

    Attributes:
        member: The card as it is now, wherever the channel names them: as an author, also of what
            is answered or passed on, among those who replied last, in mentions and in `html`.
    """

    member: Card
