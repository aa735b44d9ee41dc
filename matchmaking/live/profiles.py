"""What the topic `member:<id>` says and takes of matching profiles."""

from collections.abc import Sequence

from live.models import Event
from live.registry import EventData, Written
from matchmaking.access.profiles import keepers_of
from matchmaking.actions.profiles import renew_matching, rest_matching, save_matching
from matchmaking.events.profiles import MatchingChanged, NameMatching, SaveMatching
from matchmaking.live.concerns import of_a_profile
from matchmaking.queries.profiles import matching_now, own_matching
from members.live import declare_command, declare_event, declare_part
from members.models import Member


def _save(actor: Member, change: SaveMatching) -> Written:
    return save_matching(actor=actor, change=change)


def _renew(actor: Member, data: NameMatching) -> Written:
    return renew_matching(actor=actor, organisation_id=data.organisation)


def _rest(actor: Member, data: NameMatching) -> Written:
    return rest_matching(actor=actor, organisation_id=data.organisation)


def _present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What profiles say now to those who still keep them. Five queries."""
    wanted = {event.data["organisation"] for event in events if event.data}
    states, people = matching_now(wanted), keepers_of(wanted)
    found: list[EventData | None] = []
    for event in events:
        data = event.data or {}
        state = states.get(data.get("organisation", 0))
        keeps = state is not None and data["member"] in people[state.organisation]
        found.append(MatchingChanged(matching=state) if state and keeps else None)
    return found


def register() -> None:
    """Add commands, the event and the part of the snapshot to `member:<id>`."""
    declare_event("matching.changed", MatchingChanged, _present)
    declare_part("matching", own_matching)
    declare_command("matching.save", SaveMatching, _save, of_a_profile)
    declare_command("matching.renew", NameMatching, _renew, of_a_profile)
    declare_command("matching.rest", NameMatching, _rest, of_a_profile)
