"""REST of a member's own order of channels, and of all that is unread."""

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.errors import Forbidden
from chat.api.channels import ChannelRow
from chat.events import MessagePosted
from chat.events.places import (
    DropSection,
    PlaceChannel,
    ReadChannels,
    SaveSection,
    SectionsChanged,
)
from chat.queries.places import sections_of
from chat.queries.unread import unread_channels
from live.api import as_json
from live.openapi import KEY, shape
from live.rest import ACK_NEW, body_as, do
from live.shapes import Ack
from members.access import is_member

CHANNELS_AT_ONCE = 20


class UnreadRow(ChannelRow, frozen=True, kw_only=True):
    """A channel with news: what its list row says, how many mentions, and the newest messages.

    Attributes:
        mentions: Unread messages that name the reader, their organisation or everybody.
        messages: The newest five unread messages, the oldest first.
    """

    mentions: int
    messages: list[MessagePosted]


class UnreadList(msgspec.Struct, frozen=True, kw_only=True):
    """Up to 20 channels with unread messages, the one with the newest first, muted ones last."""

    results: list[UnreadRow]


class PlaceView(APIView):
    """``channels/<id>/place/``."""

    @extend_schema(
        operation_id="channel_place",
        request=shape(PlaceChannel),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def patch(self, request: Request, channel_id: int) -> HttpResponse:
        """Favourite, muted, what notifies, section and position; what is left out stays."""
        data = body_as(request, PlaceChannel)
        return as_json(do(request, "channel.place", f"chat:{channel_id}", data))


class SectionsView(APIView):
    """``sections/``."""

    @extend_schema(operation_id="sections", responses=shape(SectionsChanged))
    def get(self, request: Request) -> HttpResponse:
        """One's own sections in their order."""
        if not is_member(request.user):
            raise Forbidden
        return as_json(SectionsChanged(sections=sections_of(request.user)))

    @extend_schema(
        operation_id="section_save", request=shape(SaveSection), responses=ACK_NEW, parameters=[KEY]
    )
    def post(self, request: Request) -> HttpResponse:
        """Make a section, or (``id``) rename or move one."""
        data = body_as(request, SaveSection)
        reply = do(request, "section.save", f"member:{request.user.pk}", data)
        return as_json(reply, 200 if reply.get("replayed") else 201)


class SectionView(APIView):
    """``sections/<id>/``."""

    @extend_schema(
        operation_id="section_drop", request=None, responses={200: shape(Ack)}, parameters=[KEY]
    )
    def delete(self, request: Request, section_id: int) -> HttpResponse:
        """Take a section away; its channels stay."""
        data = DropSection(id=section_id)
        return as_json(do(request, "section.drop", f"member:{request.user.pk}", data))


class UnreadView(APIView):
    """``unread/``."""

    @extend_schema(operation_id="unread", responses=shape(UnreadList))
    def get(self, request: Request) -> HttpResponse:
        """All channels with unread messages and the newest of these."""
        if not is_member(request.user):
            raise Forbidden
        found = unread_channels(request.user, limit=CHANNELS_AT_ONCE)
        return as_json({"results": [part.channel | {"messages": part.messages} for part in found]})

    @extend_schema(
        operation_id="channels_read",
        request=shape(ReadChannels),
        responses={200: shape(Ack)},
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Move read markers forward in several channels at once."""
        data = body_as(request, ReadChannels)
        return as_json(do(request, "channels.read", f"member:{request.user.pk}", data))
