"""What the topic `member:<id>` says and takes of consortia."""

from collections.abc import Sequence

from live.models import Event
from live.registry import EventData, Written
from matchmaking.access.profiles import own_people_of
from matchmaking.actions.consortia import (
    answer_consortium,
    close_consortium,
    propose_consortium,
)
from matchmaking.events.consortia import (
    AnswerConsortium,
    CloseConsortium,
    ConsortiumChanged,
    ProposeConsortium,
)
from matchmaking.live.concerns import of_a_consortium
from matchmaking.queries.consortia import consortia_of_events, own_consortia
from members.live import declare_command, declare_event, declare_part
from members.models import Member


def _propose(actor: Member, data: ProposeConsortium) -> Written:
    return propose_consortium(
        actor=actor,
        organisation_id=data.organisation,
        title=data.title,
        member_ids=data.members,
        needs=data.needs,
    )


def _answer(actor: Member, data: AnswerConsortium) -> Written:
    return answer_consortium(
        actor=actor,
        consortium_id=data.consortium,
        organisation_id=data.organisation,
        yes=data.yes,
    )


def _close(actor: Member, data: CloseConsortium) -> Written:
    return close_consortium(
        actor=actor, consortium_id=data.consortium, organisation_id=data.organisation
    )


def _present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What consortia are now, to who still has a role in the organisation. Four queries."""
    pairs = [(event.subject or 0, (event.data or {})["organisation"]) for event in events]
    people = own_people_of({house for _pk, house in pairs})
    states = consortia_of_events(set(pairs))
    return [
        ConsortiumChanged(consortium=states[pair])
        if pair in states and (event.data or {})["member"] in people[pair[1]]
        else None
        for event, pair in zip(events, pairs, strict=True)
    ]


def register() -> None:
    """Add the event, the commands and the part of the snapshot to `member:<id>`."""
    declare_event("consortium.changed", ConsortiumChanged, _present)
    declare_part("consortia", own_consortia)
    declare_command("consortium.propose", ProposeConsortium, _propose)
    declare_command("consortium.answer", AnswerConsortium, _answer, of_a_consortium)
    declare_command("consortium.close", CloseConsortium, _close, of_a_consortium)
