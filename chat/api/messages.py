"""REST of a channel's messages."""

import uuid
from datetime import date, datetime, time
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.errors import Invalid
from chat.access import channel_for, message_in
from chat.events import DeleteMessage, EditMessage, MessagePosted, PostMessage
from chat.models import Channel
from chat.queries import message_page, shown
from chat.queries.messages import first_since
from chat.vocabulary import MAX_PAGE, PAGE
from live.api import as_json, place_of
from live.log import epoch
from live.openapi import KEY, shape
from live.rest import ACK_NEW, body_as, do, number_of
from live.shapes import Ack


class History(msgspec.Struct, frozen=True, kw_only=True):
    """Some messages of a channel, the oldest first.

    Attributes:
        epoch: Names the channel's log.
        seq: The log's last place, read before the rows: follow from here.
    """

    epoch: uuid.UUID
    seq: int
    results: list[MessagePosted]
    has_before: bool
    has_after: bool


class NewText(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says from now on: Markdown of 1 to 10,000 characters."""

    text: str


class MessagesView(APIView):
    """``channels/<id>/messages/``."""

    @extend_schema(
        operation_id="messages",
        parameters=[
            OpenApiParameter(name, int, description="Id of a message.")
            for name in ("before", "after", "around")
        ]
        + [
            OpenApiParameter("thread", int, description="Of the thread under this message."),
            OpenApiParameter("date", str, description="Around the first one of this day or later."),
            OpenApiParameter("limit", int, description="At most so many, up to 100."),
        ],
        responses=shape(History),
    )
    def get(self, request: Request, channel_id: int) -> HttpResponse:
        """``{epoch, seq, results, has_before, has_after}``, the oldest first."""
        channel = channel_for(request.user, channel_id)
        place = place_of(request.user, channel.topic)
        wanted: dict[str, Any] = {
            name: number
            for name in ("before", "after", "around")
            if (number := number_of(request, name)) is not None
        }
        if "date" in request.query_params:
            wanted["around"] = _first_of_day(request, channel) if not wanted else 0
        if len(wanted) > 1:
            raise Invalid(detail=_("Ask for before, after or around, not for several."))
        if (thread := number_of(request, "thread")) is not None:
            wanted["thread"] = thread
        limit = min(number_of(request, "limit") or PAGE, MAX_PAGE)
        page = message_page(channel, **wanted, limit=limit)
        return as_json(
            History(
                epoch=epoch(),
                seq=place.head.seq,
                results=page.messages,
                has_before=page.has_before,
                has_after=page.has_after,
            )
        )

    @extend_schema(
        operation_id="message_post", request=shape(PostMessage), responses=ACK_NEW, parameters=[KEY]
    )
    def post(self, request: Request, channel_id: int) -> HttpResponse:
        """Say something; ``{topic, seq, id}``."""
        data = body_as(request, PostMessage)
        reply = do(request, "message.post", f"chat:{channel_id}", data)
        return as_json(reply, 200 if reply.get("replayed") else 201)


def _first_of_day(request: Request, channel: Channel) -> int:
    """The first message of a day in the reader's zone, or later.

    Raises:
        Invalid: it is no day.
    """
    try:
        day = date.fromisoformat(request.query_params["date"])
        return first_since(channel, make_aware(datetime.combine(day, time()))) or 0
    except (ValueError, OverflowError):
        raise Invalid(fields={"date": [_("A day is needed, as 2026-11-20.")]}) from None


class MessageView(APIView):
    """``channels/<id>/messages/<id>/``."""

    @extend_schema(operation_id="message", responses=shape(MessagePosted))
    def get(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """One message."""
        channel = channel_for(request.user, channel_id)
        message = message_in(channel, message_id)
        return as_json(shown([message])[0])

    @extend_schema(
        operation_id="message_edit", request=shape(NewText), responses=shape(Ack), parameters=[KEY]
    )
    def patch(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Change one's own message."""
        data = body_as(request, EditMessage, id=message_id)
        return as_json(do(request, "message.edit", f"chat:{channel_id}", data))

    @extend_schema(
        operation_id="message_delete", request=None, responses={200: shape(Ack)}, parameters=[KEY]
    )
    def delete(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Take a message back."""
        data = DeleteMessage(id=message_id)
        return as_json(do(request, "message.delete", f"chat:{channel_id}", data))
