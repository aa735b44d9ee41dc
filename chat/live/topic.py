"""The topic ``chat:<id>``: who follows it, its snapshot, what its events show."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from chat import access
from chat.live import channels, keeping, languages, messages, people, previews
from chat.queries import channel_state, member_total, message_page
from live.models import Event
from live.registry import EventData, TopicKind, register_topic
from members.models import Member

# Each says which events it has, and shows them.
NOUNS = {
    "messages": messages,
    "channels": channels,
    "keeping": keeping,
    "languages": languages,
    "previews": previews,
    "people": people,
}
_nouns = {event: noun for noun, module in NOUNS.items() for event in module.EVENTS}


def _snapshot(actor: Member, channel_id: int) -> dict[str, Any]:
    """The channel and its newest messages: the same for every reader."""
    channel = access.channel_for(actor, channel_id)
    return {
        "channel": channel_state(channel, member_total(channel_id)),
        "messages": message_page(channel).messages,
    }


def present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What events of channels show now. At most eleven queries, whatever their number."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, event in enumerate(events):
        places[_nouns[event.event]].append(place)
    shown: list[EventData | None] = [None] * len(events)
    for noun, at in places.items():
        for place, data in zip(at, NOUNS[noun].present([events[i] for i in at]), strict=True):
            shown[place] = data
    return shown


def register() -> None:
    """Tell the live core of channels."""
    register_topic(
        TopicKind(
            name="chat",
            reach=access.reach,
            readers=access.readers,
            snapshot=_snapshot,
            present=present,
            events={
                name: struct for module in NOUNS.values() for name, struct in module.EVENTS.items()
            },
            signals=("typing",),
            has_presence=True,
            foresee=access.foresee,
        )
    )
