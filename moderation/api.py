"""REST of moderation; every write is the command that the socket has."""

from typing import Any, cast

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.clock import wire_time
from base.errors import Forbidden
from base.pagination import Pages
from live.api import as_json
from live.openapi import KEY, shape
from live.rest import ACK_NEW, PAGED, body_as, do
from live.shapes import Ack
from members.access import is_member
from members.events import Card
from members.models import Member
from members.queries import member_card
from moderation.access import require_moderator
from moderation.events import BlockMember, ReportContent
from moderation.models import Block, Report
from moderation.queries import blocks_of, reports


class BlockRow(msgspec.Struct, frozen=True, kw_only=True):
    """A member whom the reader blocks, and since when (ISO 8601, UTC)."""

    member: Card
    made_at: str


class BlockPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of blocks, the newest first; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[BlockRow]


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A report as moderators see it.

    Attributes:
        kind: What was reported, e.g. `message`; `object` is its id.
        reporter: Null where the account was erased; so is `author`, who made what was reported.
        address: Path of the page where it stood.
        context: The thing as it was, and what stood around it.
        at: ISO 8601, UTC.
    """

    id: int
    kind: str
    object: int
    reason: str
    note: str
    reporter: Card | None
    author: Card | None
    address: str
    context: dict[str, Any]
    at: str


class ReportPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of reports, the newest first; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[ReportRow]


def _block_row(row: Block) -> BlockRow:
    return BlockRow(member=Card(**member_card(row.blocked)), made_at=wire_time(row.made_at))


def _card(member: Member | None) -> Card | None:
    return Card(**member_card(member)) if member else None


def _report_row(row: Report) -> ReportRow:
    return ReportRow(
        id=row.pk,
        kind=row.kind,
        object=row.object_id,
        reason=row.reason,
        note=row.note,
        reporter=_card(row.reporter),
        author=_card(row.author),
        address=row.address,
        context=row.context,
        at=wire_time(row.filed_at),
    )


def _own_topic(request: Request) -> str:
    return f"member:{request.user.pk}"


class Blocks(APIView):
    """``blocks/``: whom one blocks."""

    @extend_schema(operation_id="blocks", responses=shape(BlockPage), parameters=PAGED)
    def get(self, request: Request) -> HttpResponse:
        """Whom one blocks, the newest first, in pages."""
        if not is_member(request.user):
            raise Forbidden
        pages = Pages()
        page = pages.paginate_queryset(blocks_of(request.user), request, self)
        rows = [_block_row(row) for row in cast("list[Block]", page or [])]
        return as_json(pages.get_paginated_response(rows).data)

    @extend_schema(
        operation_id="member_block",
        request=shape(BlockMember),
        responses=ACK_NEW,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Block a member; they are not told."""
        reply = do(request, "member.block", _own_topic(request), body_as(request, BlockMember))
        return as_json(reply, 200 if reply.get("replayed") else 201)


class OneBlock(APIView):
    """``blocks/<member>/``."""

    @extend_schema(
        operation_id="member_unblock", request=None, responses={200: shape(Ack)}, parameters=[KEY]
    )
    def delete(self, request: Request, member_id: int) -> HttpResponse:
        """Block a member no more."""
        data = BlockMember(member=member_id)
        return as_json(do(request, "member.unblock", _own_topic(request), data))


class Reports(APIView):
    """``reports/``."""

    @extend_schema(operation_id="reports", responses=shape(ReportPage), parameters=PAGED)
    def get(self, request: Request) -> HttpResponse:
        """All reports, the newest first, in pages: for moderators and staff."""
        require_moderator(request.user)
        pages = Pages()
        rows = reports().select_related("reporter__organisation")
        page = pages.paginate_queryset(rows, request, self)
        shown = [_report_row(row) for row in cast("list[Report]", page or [])]
        return as_json(pages.get_paginated_response(shown).data)

    @extend_schema(
        operation_id="content_report",
        request=shape(ReportContent),
        responses=ACK_NEW,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Show something to the moderators, who get it as it is now."""
        reply = do(request, "content.report", _own_topic(request), body_as(request, ReportContent))
        return as_json(reply, 200 if reply.get("replayed") else 201)
