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
)
from matchmaking.queries.rounds import meeting_states, own_meetings
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


def register() -> None:
    """Add the event, the commands and the part of the snapshot to `member:<id>`."""
    declare_event("meeting.changed", MeetingChanged, _present)
    declare_part("meetings", own_meetings)
    declare_command("meeting.plan", PlanMeeting, _plan)
    declare_command("meeting.next", NextRound, _next)
    declare_command("meeting.ahead", PlanAhead, _ahead)
    declare_command("meeting.presence", ChangePresence, _presence)
    declare_command("meeting.drop", DropMeeting, _drop)
