"""REST of channels and their messages; every write is the command that the socket has."""

import uuid
from typing import Any, TypeVar

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.errors import Invalid, KeyMissing
from base.ids import parse_key
from base.pagination import Pages
from chat.access import channel_for, message_in
from chat.events import (
    ChannelState,
    CreateChannel,
    DeleteMessage,
    DescribeChannel,
    EditMessage,
    MessagePosted,
    PostMessage,
)
from chat.queries import channel_rows, listed_channels, message_page, messages_with_people, shown
from chat.vocabulary import MAX_PAGE, PAGE
from live.api import as_json, place_of
from live.log import epoch
from live.openapi import KEY, shape
from live.problems import field_errors
from live.shapes import Ack
from live.units import perform

Struct = TypeVar("Struct", bound=msgspec.Struct)
ACK_NEW = {
    201: OpenApiResponse(shape(Ack), "Done now."),
    200: OpenApiResponse(shape(Ack), "The key came before: the first answer again."),
}
PAGED = [
    OpenApiParameter("page", int, description="Number of the page, from 1."),
    OpenApiParameter("limit", int, description="At most so many, up to 200."),
]


class ChannelRow(ChannelState, frozen=True, kw_only=True):
    """A channel and what it is to the reader.

    Attributes:
        is_member: Whether the reader is in it.
        role: The reader's role in it: owner, moderator or member; null outside.
        unread: Messages of others beyond the read marker.
        read_seq: The read marker: everything up to this place is read.
        seq: The last place of the channel's log.
    """

    is_member: bool
    role: str | None
    unread: int
    read_seq: int
    seq: int


class ChannelPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of channels; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[ChannelRow]


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


class ChannelChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change of a channel; what is left out stays."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    purpose: str | msgspec.UnsetType = msgspec.UNSET


class NewText(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says from now on: Markdown of 1 to 10,000 characters."""

    text: str


def key_of(request: Request) -> uuid.UUID | None:
    """The idempotency key that the request carries, None without one.

    Raises:
        KeyMissing: it is no UUID.
    """
    text = request.headers.get("Idempotency-Key")
    if text is None:
        return None
    key = parse_key(text)
    if key is None:
        raise KeyMissing
    return key


def body_as(request: Request, struct: type[Struct], **fixed: Any) -> Struct:
    """The request's body as a command's data, with what the address says.

    Raises:
        Invalid: it does not fit.
    """
    body = request.data if isinstance(request.data, dict) else {}
    try:
        return msgspec.convert({**body, **fixed}, struct)
    except msgspec.ValidationError as error:
        raise field_errors(error) from None


def do(request: Request, cmd: str, topic: str, data: msgspec.Struct) -> dict[str, Any]:
    """Run a command for the request's member under the request's key."""
    return perform(actor=request.user, cmd=cmd, topic=topic, data=data, key=key_of(request))


class ChannelsView(APIView):
    """``channels/``: those that one may read; opening one."""

    @extend_schema(operation_id="channels", responses=shape(ChannelPage), parameters=PAGED)
    def get(self, request: Request) -> HttpResponse:
        """Channels with what they are to the reader, the oldest first, in pages."""
        pages = Pages()
        page = pages.paginate_queryset(listed_channels(request.user), request, self)
        return as_json(pages.get_paginated_response(channel_rows(request.user, page or [])).data)

    @extend_schema(
        operation_id="channel_create",
        request=shape(CreateChannel),
        responses=ACK_NEW,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Open a channel; ``{topic, seq, id}``."""
        reply = do(request, "channel.create", "", body_as(request, CreateChannel))
        return as_json(reply, 200 if reply.get("replayed") else 201)


class ChannelView(APIView):
    """``channels/<id>/``."""

    @extend_schema(operation_id="channel", responses=shape(ChannelRow))
    def get(self, request: Request, channel_id: int) -> HttpResponse:
        """The channel with what it is to the reader."""
        channel = channel_for(request.user, channel_id)
        return as_json(channel_rows(request.user, [channel])[0])

    @extend_schema(
        operation_id="channel_edit",
        request=shape(ChannelChange),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def patch(self, request: Request, channel_id: int) -> HttpResponse:
        """Change name or purpose; what is left out stays."""
        channel = channel_for(request.user, channel_id)
        body = request.data if isinstance(request.data, dict) else {}
        left = {k: v for k in ("name", "purpose") if k not in body for v in [getattr(channel, k)]}
        data = body_as(request, DescribeChannel, **left)
        return as_json(do(request, "channel.edit", channel.topic, data))


class MessagesView(APIView):
    """``channels/<id>/messages/``."""

    @extend_schema(
        operation_id="messages",
        parameters=[
            OpenApiParameter(name, int, description="Id of a message.")
            for name in ("before", "after", "around")
        ]
        + [OpenApiParameter("limit", int, description="At most so many, up to 100.")],
        responses=shape(History),
    )
    def get(self, request: Request, channel_id: int) -> HttpResponse:
        """``{epoch, seq, results, has_before, has_after}``, the oldest first."""
        channel = channel_for(request.user, channel_id)
        place = place_of(request.user, channel.topic)
        wanted = {
            name: number
            for name in ("before", "after", "around")
            if (number := _optional(request, name)) is not None
        }
        if len(wanted) > 1:
            raise Invalid(detail=_("Ask for before, after or around, not for several."))
        limit = min(_optional(request, "limit") or PAGE, MAX_PAGE)
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


class MessageView(APIView):
    """``channels/<id>/messages/<id>/``."""

    @extend_schema(operation_id="message", responses=shape(MessagePosted))
    def get(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """One message."""
        channel = channel_for(request.user, channel_id)
        message = message_in(channel, message_id)
        return as_json(shown(messages_with_people().filter(pk=message.pk))[0])

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


def _optional(request: Request, name: str) -> int | None:
    """A positive whole number of the query, None where it is not given.

    Raises:
        Invalid: it is no such number.
    """
    text = request.query_params.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18 or not int(text):  # noqa: PLR2004 - bigint
        raise Invalid(fields={name: [_("A whole number is needed.")]})
    return int(text)
