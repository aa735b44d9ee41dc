"""REST of drafts and of messages that wait for their time."""

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from chat.api.door import member_of
from chat.events.unsent import (
    CancelScheduled,
    DraftSaved,
    EditScheduled,
    Moment,
    SaveDraft,
    ScheduledSaved,
    ScheduleMessage,
)
from chat.queries.unsent import draft_states, scheduled_states
from live.api import as_json
from live.openapi import KEY, shape
from live.rest import ACK_NEW, body_as, do
from live.shapes import Ack


class Drafts(msgspec.Struct, frozen=True, kw_only=True):
    """What one began to write, the newest first; all there are."""

    results: list[DraftSaved]


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One's messages that wait, the next one first; all there are."""

    results: list[ScheduledSaved]


class NewTime(msgspec.Struct, frozen=True, kw_only=True):
    """Another text and time for a message that waits."""

    text: str
    at: Moment


class DraftsView(APIView):
    """``drafts/``."""

    @extend_schema(operation_id="drafts", responses=shape(Drafts))
    def get(self, request: Request) -> HttpResponse:
        """All drafts, at most 200."""
        return as_json(Drafts(results=draft_states(member_of(request))))

    @extend_schema(
        operation_id="draft_save",
        request=shape(SaveDraft),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def put(self, request: Request) -> HttpResponse:
        """Keep a draft; the empty text drops it."""
        data = body_as(request, SaveDraft)
        return as_json(do(request, "draft.save", f"member:{request.user.pk}", data))


class ScheduleView(APIView):
    """``channels/<id>/scheduled/``."""

    @extend_schema(
        operation_id="message_schedule",
        request=shape(ScheduleMessage),
        responses=ACK_NEW,
        parameters=[KEY],
    )
    def post(self, request: Request, channel_id: int) -> HttpResponse:
        """Have something said later; ``id`` is that of what waits."""
        data = body_as(request, ScheduleMessage)
        reply = do(request, "message.schedule", f"chat:{channel_id}", data)
        return as_json(reply, 200 if reply.get("replayed") else 201)


class ScheduledListView(APIView):
    """``scheduled/``."""

    @extend_schema(operation_id="scheduled", responses=shape(Waiting))
    def get(self, request: Request) -> HttpResponse:
        """All that wait, at most 50."""
        return as_json(Waiting(results=scheduled_states(member_of(request))))


class ScheduledView(APIView):
    """``scheduled/<id>/``."""

    @extend_schema(
        operation_id="scheduled_edit",
        request=shape(NewTime),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def put(self, request: Request, scheduled_id: int) -> HttpResponse:
        """Another text and time."""
        data = body_as(request, EditScheduled, id=scheduled_id)
        return as_json(do(request, "scheduled.edit", f"member:{request.user.pk}", data))

    @extend_schema(
        operation_id="scheduled_cancel",
        request=None,
        responses={200: shape(Ack)},
        parameters=[KEY],
    )
    def delete(self, request: Request, scheduled_id: int) -> HttpResponse:
        """Call it off."""
        data = CancelScheduled(id=scheduled_id)
        return as_json(do(request, "scheduled.cancel", f"member:{request.user.pk}", data))
