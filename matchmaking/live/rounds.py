"""What the topic `member:<id>` says and takes of meeting rounds."""

from collections.abc import Sequence

from live.models import Event
from live.registry import Written
from matchmaking.actions.rounds import (
    begin_round,
    change_presence,
    drop_meeting,
    plan_ahead,
    plan_meeting,
)
from matchmaking.events.rounds import (
    ChangePresence,
    DropMeeting,
    MeetingChanged,
    NextRound,
    PlanAhead,
    PlanMeeting,
    TablesChanged,
)
from matchmaking.live.concerns import of_a_meeting, of_a_plan
from matchmaking.queries.rounds import meeting_states, own_meetings
from matchmaking.queries.seats import own_tables, tables_of_events
from members.live import declare_command, declare_event, declare_part
from members.models import Member


def _plan(actor: Member, data: PlanMeeting) -> Written:
    return plan_meeting(
        actor=actor,
        title=data.title,
        size=data.size,
        member_ids=data.members,
        with_consenting=data.with_consenting,
    )


def _next(actor: Member, data: NextRound) -> Written:
    return begin_round(actor=actor, meeting_id=data.meeting)


def _ahead(actor: Member, data: PlanAhead) -> Written:
    return plan_ahead(actor=actor, meeting_id=data.meeting, rounds=data.rounds)


def _presence(actor: Member, data: ChangePresence) -> Written:
    return change_presence(actor=actor, meeting_id=data.meeting, here=data.here, absent=data.absent)


def _drop(actor: Member, data: DropMeeting) -> Written:
    return drop_meeting(actor=actor, meeting_id=data.meeting)


def _present(events: Sequence[Event]) -> Sequence[MeetingChanged]:
    """What meetings are now. Three queries."""
    ids = [(event.data or {})["meeting"] for event in events]
    states = meeting_states(set(ids))
    return [MeetingChanged(id=pk, meeting=states.get(pk)) for pk in ids]


def _present_tables(events: Sequence[Event]) -> Sequence[TablesChanged]:
    """What meetings are now to who takes part. Four queries."""
    said = [event.data or {} for event in events]
    found = tables_of_events({(data["meeting"], data["member"]) for data in said})
    return [
        TablesChanged(id=data["meeting"], tables=found.get((data["meeting"], data["member"])))
        for data in said
    ]


def register() -> None:
    """Add the events, the commands and the parts of the snapshot to `member:<id>`."""
    declare_event("meeting.changed", MeetingChanged, _present)
    declare_event("tables.changed", TablesChanged, _present_tables)
    declare_part("meetings", own_meetings)
    declare_part("tables", own_tables)
    declare_command("meeting.plan", PlanMeeting, _plan, of_a_plan)
    declare_command("meeting.next", NextRound, _next, of_a_meeting)
    declare_command("meeting.ahead", PlanAhead, _ahead, of_a_meeting)
    declare_command("meeting.presence", ChangePresence, _presence, of_a_meeting)
    declare_command("meeting.drop", DropMeeting, _drop, of_a_meeting)
