"""REST of channels."""

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.pagination import Pages
from chat.access import channel_for
from chat.events import ChannelState, CreateChannel, DescribeChannel, StartConversation
from chat.queries import channel_rows, listed_channels
from live.api import as_json
from live.openapi import KEY, shape
from live.rest import ACK_NEW, PAGED, body_as, do
from live.shapes import Ack


class ChannelRow(ChannelState, frozen=True, kw_only=True):
    """A channel and what it is to the reader.

    Attributes:
        title: What the reader calls it: its name, else the names of the others in it.
        is_member: Whether the reader is in it.
        role: The reader's role in it: owner, moderator or member; null outside.
        is_favourite: With the four that follow how the reader has it; see `channel.place`.
        unread: Messages of others beyond the read marker.
        read_seq: The read marker: everything up to this place is read.
        seq: The last place of the channel's log.
    """

    title: str
    is_member: bool
    role: str | None
    is_favourite: bool
    is_muted: bool
    level: str
    section: int | None
    position: int
    unread: int
    read_seq: int
    seq: int


class ChannelPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of channels; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[ChannelRow]


class ChannelChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change of a channel; what is left out stays."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    purpose: str | msgspec.UnsetType = msgspec.UNSET


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


class ConversationsView(APIView):
    """``conversations/``: beginning one; the list of channels has them all."""

    @extend_schema(
        operation_id="conversation_start",
        request=shape(StartConversation),
        responses=ACK_NEW,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Talk with one member directly, or with several as a group; ``{topic, seq, id}``."""
        reply = do(request, "conversation.start", "", body_as(request, StartConversation))
        return as_json(reply, 200 if reply.get("replayed") else 201)
