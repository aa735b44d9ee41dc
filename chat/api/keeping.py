"""REST of looking after a channel: its people, roles, archive and links."""

from typing import Any, cast

import msgspec
from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.clock import wire_time
from base.errors import Forbidden
from base.pagination import Pages
from chat.access import channel_for
from chat.events import NameMember
from chat.events.keeping import ArchiveChannel, ChangeRole, EnterByLink, MakeLink, RevokeLink
from chat.models import InviteLink, Membership
from chat.pages.export import exported
from chat.queries.people import links_of, people_of
from live.api import as_json, place_of
from live.openapi import KEY, shape
from live.rest import ACK_NEW, PAGED, body_as, do
from live.shapes import Ack
from members.events import Card
from members.queries import member_card


class InsiderRow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a channel, as what, and since when (ISO 8601, UTC)."""

    member: Card
    role: str
    joined_at: str


class InsiderPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of those in a channel, owners first; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[InsiderRow]


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A link that lets members in as `role` until `expires_at` (ISO 8601, UTC)."""

    id: int
    token: str
    role: str
    expires_at: str
    uses: int


class LinkList(msgspec.Struct, frozen=True, kw_only=True):
    """The links into a channel that work, the newest first."""

    results: list[LinkRow]


class NewRole(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is to be: `owner`, `moderator`, `member` or `reader`."""

    role: str


def _insider(row: Membership) -> InsiderRow:
    card = Card(**member_card(row.member))
    return InsiderRow(member=card, role=row.role, joined_at=wire_time(row.joined_at))


def _link(row: InviteLink) -> LinkRow:
    return LinkRow(
        id=row.pk,
        token=row.token,
        role=row.role,
        expires_at=wire_time(row.expires_at),
        uses=row.uses,
    )


class InsidersView(APIView):
    """``channels/<id>/members/``."""

    @extend_schema(
        operation_id="channel_members",
        responses=shape(InsiderPage),
        parameters=[
            *PAGED,
            OpenApiParameter("search", str, description="Words of the name or organisation."),
            OpenApiParameter("role", str, description="Only those with this role."),
        ],
    )
    def get(self, request: Request, channel_id: int) -> HttpResponse:
        """Who is in the channel, owners first, then by name."""
        channel = channel_for(request.user, channel_id)
        asked = request.query_params
        rows = people_of(
            channel, search=asked.get("search", "")[:100], role=asked.get("role", "")[:9]
        )
        pages = Pages()
        page = cast("list[Membership]", pages.paginate_queryset(rows, request, self) or [])
        return as_json(pages.get_paginated_response([_insider(row) for row in page]).data)

    @extend_schema(
        operation_id="member_add",
        request=shape(NameMember),
        responses={200: shape(Ack)},
        parameters=[KEY],
    )
    def post(self, request: Request, channel_id: int) -> HttpResponse:
        """Let somebody in."""
        data = body_as(request, NameMember)
        return as_json(do(request, "member.add", f"chat:{channel_id}", data))


class InsiderView(APIView):
    """``channels/<id>/members/<id>/``."""

    @extend_schema(
        operation_id="member_role",
        request=shape(NewRole),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def patch(self, request: Request, channel_id: int, member_id: int) -> HttpResponse:
        """Give somebody another role."""
        data = ChangeRole(member=member_id, role=body_as(request, NewRole).role)
        return as_json(do(request, "member.role", f"chat:{channel_id}", data))

    @extend_schema(
        operation_id="member_remove", request=None, responses={200: shape(Ack)}, parameters=[KEY]
    )
    def delete(self, request: Request, channel_id: int, member_id: int) -> HttpResponse:
        """Remove somebody."""
        data = NameMember(member=member_id)
        return as_json(do(request, "member.remove", f"chat:{channel_id}", data))


class ArchiveView(APIView):
    """``channels/<id>/archive/``."""

    @extend_schema(
        operation_id="channel_archive",
        request=shape(ArchiveChannel),
        responses={200: shape(Ack)},
        parameters=[KEY],
    )
    def post(self, request: Request, channel_id: int) -> HttpResponse:
        """Close the channel for new messages, or open it again."""
        data = body_as(request, ArchiveChannel)
        return as_json(do(request, "channel.archive", f"chat:{channel_id}", data))


class LinksView(APIView):
    """``channels/<id>/links/``."""

    @extend_schema(operation_id="channel_links", responses=shape(LinkList))
    def get(self, request: Request, channel_id: int) -> HttpResponse:
        """The links that let members in now, for those who look after the channel."""
        channel = channel_for(request.user, channel_id)
        if "link.make" not in place_of(request.user, channel.topic).reach.can:
            raise Forbidden
        return as_json(LinkList(results=[_link(row) for row in links_of(channel)]))

    @extend_schema(
        operation_id="link_make", request=shape(MakeLink), responses=ACK_NEW, parameters=[KEY]
    )
    def post(self, request: Request, channel_id: int) -> HttpResponse:
        """Make a link; its token stands in the list."""
        data = body_as(request, MakeLink)
        reply = do(request, "link.make", f"chat:{channel_id}", data)
        return as_json(reply, 200 if reply.get("replayed") else 201)


class LinkView(APIView):
    """``channels/<id>/links/<id>/``."""

    @extend_schema(
        operation_id="link_revoke", request=None, responses={200: shape(Ack)}, parameters=[KEY]
    )
    def delete(self, request: Request, channel_id: int, link_id: int) -> HttpResponse:
        """Let the link let nobody in any more."""
        data = RevokeLink(id=link_id)
        return as_json(do(request, "link.revoke", f"chat:{channel_id}", data))


class EnterView(APIView):
    """``channels/enter/``."""

    @extend_schema(
        operation_id="channel_enter",
        request=shape(EnterByLink),
        responses={200: shape(Ack)},
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Come into a channel by a link."""
        return as_json(do(request, "channel.enter", "", body_as(request, EnterByLink)))


class ExportView(APIView):
    """``channels/<id>/export/``."""

    @extend_schema(operation_id="channel_export", responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, channel_id: int) -> HttpResponseBase:
        """The whole channel, streamed, for its owners: ``?as=json``, or Markdown."""
        django_request: Any = request._request  # noqa: SLF001 - Django REST Framework's own way
        django_request.user = request.user
        return exported(django_request, channel_id)
