"""REST: meeting rounds, for organisers."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.pagination import Pages
from live.openapi import KEY, shape
from live.rest import ACK_NEW, PAGED, body_as, do
from matchmaking.access.rounds import meeting_for
from matchmaking.events.rounds import (
    ChangePresence,
    DropMeeting,
    MeetingState,
    NextRound,
    PlanAhead,
    PlanMeeting,
    RoundNow,
)
from matchmaking.models import Meeting
from matchmaking.queries.rounds import meeting_states, shown_rounds
from members.access import require_organiser
from members.api.organisations import own_topic
from members.api.permissions import MembersOnly, signed_in


class MeetingPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of meetings, the newest first; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[MeetingState]


class WholeMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting with its rounds in order."""

    meeting: MeetingState
    rounds: list[RoundNow]


def _whole(meeting: Meeting) -> Response:
    state = meeting_states([meeting.pk])[meeting.pk]
    whole = WholeMeeting(meeting=state, rounds=shown_rounds(meeting))
    return Response(msgspec.to_builtins(whole))


class Meetings(APIView):
    """Meetings with rounds."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="meetings", parameters=PAGED, responses=shape(MeetingPage))
    def get(self, request: Request) -> Response:
        """Return them, the newest first."""
        require_organiser(signed_in(request))
        pages = Pages()
        rows = pages.paginate_queryset(Meeting.objects.all(), request) or []
        states = meeting_states([row.pk for row in rows])
        return pages.get_paginated_response([msgspec.to_builtins(states[row.pk]) for row in rows])

    @extend_schema(
        operation_id="meeting_plan",
        request=shape(PlanMeeting),
        responses=ACK_NEW,
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Plan one: once per `Idempotency-Key`, if one is sent."""
        done = do(request, "meeting.plan", own_topic(request), body_as(request, PlanMeeting))
        return Response(done, status=200 if done.get("replayed") else 201)


class OneMeeting(APIView):
    """One meeting."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="meeting", responses=shape(WholeMeeting))
    def get(self, request: Request, meeting_id: int) -> Response:
        """Return it with its rounds."""
        return _whole(meeting_for(request.user, meeting_id))

    @extend_schema(operation_id="meeting_drop", responses={204: None}, parameters=[KEY])
    def delete(self, request: Request, meeting_id: int) -> Response:
        """Delete it with its rounds."""
        do(request, "meeting.drop", own_topic(request), DropMeeting(meeting=meeting_id))
        return Response(status=204)


class _Step(APIView):
    """A step of a meeting."""

    permission_classes = (MembersOnly,)

    def step(self, request: Request, meeting_id: int, command: str, data: Any) -> Response:
        """Run the command; the meeting after it."""
        do(request, command, own_topic(request), data)
        return _whole(meeting_for(request.user, meeting_id))


class MeetingNext(_Step):
    """The next round."""

    @extend_schema(
        operation_id="meeting_next",
        request=None,
        responses=shape(WholeMeeting),
        parameters=[KEY],
    )
    def post(self, request: Request, meeting_id: int) -> Response:
        """Begin it, for those who are there now."""
        return self.step(request, meeting_id, "meeting.next", NextRound(meeting=meeting_id))


class MeetingAhead(_Step):
    """Rounds planned ahead."""

    @extend_schema(
        operation_id="meeting_ahead",
        request=shape(PlanAhead),
        responses=shape(WholeMeeting),
        parameters=[KEY],
    )
    def post(self, request: Request, meeting_id: int) -> Response:
        """Plan them; former plans are thrown away."""
        data = body_as(request, PlanAhead, meeting=meeting_id)
        return self.step(request, meeting_id, "meeting.ahead", data)


class MeetingPresence(_Step):
    """Who is there."""

    @extend_schema(
        operation_id="meeting_presence",
        request=shape(ChangePresence),
        responses=shape(WholeMeeting),
        parameters=[KEY],
    )
    def post(self, request: Request, meeting_id: int) -> Response:
        """Say who has come and who is not there; the round that runs is mended."""
        data = body_as(request, ChangePresence, meeting=meeting_id)
        return self.step(request, meeting_id, "meeting.presence", data)
