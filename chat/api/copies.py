"""REST of copies of large rooms: asked for, made by a job, fetched by who asked."""

from typing import cast

import msgspec
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.clock import wire_time
from base.errors import Invalid
from base.pagination import Pages
from chat.access import copy_for, owned_channel
from chat.actions.copies import ask_for_copy
from chat.models import RoomCopy
from chat.pages.copies import copy_answer
from chat.queries.copies import own_copies
from chat.vocabulary import CopyForm
from live.api import as_json
from live.once import once
from live.openapi import KEY, repeated, shape
from live.rest import PAGED, body_as
from members.models import Member


class CopyState(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of a room.

    Attributes:
        form: `json` or `markdown`.
        made_at: ISO 8601, UTC, as all times here; null while it is being made.
        expires_at: When it is deleted.
        file: Its address; null while it is being made.
    """

    id: int
    form: str
    asked_at: str
    made_at: str | None
    expires_at: str
    size_bytes: int
    file: str | None


class CopyPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of one's copies of a room, the newest first."""

    count: int
    next: str | None
    previous: str | None
    results: list[CopyState]


class CopyWish(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that is to be made, as `json` or `markdown`."""

    form: str = CopyForm.MARKDOWN.value


def _state(row: RoomCopy) -> CopyState:
    made = row.made_at
    address = f"/api/v1/channels/{row.channel_id}/copies/{row.pk}/file/"
    return CopyState(
        id=row.pk,
        form=row.form,
        asked_at=wire_time(row.asked_at),
        made_at=wire_time(made) if made else None,
        expires_at=wire_time(row.expires_at),
        size_bytes=row.size_bytes,
        file=address if made else None,
    )


class CopiesView(APIView):
    """``channels/<id>/copies/``."""

    @extend_schema(operation_id="channel_copies", parameters=PAGED, responses=shape(CopyPage))
    def get(self, request: Request, channel_id: int) -> HttpResponse:
        """One's own copies of the channel, for its owners."""
        actor = cast("Member", request.user)
        pages = Pages()
        found = own_copies(actor, owned_channel(actor, channel_id))
        page = pages.paginate_queryset(found, request, self) or []
        return as_json(pages.get_paginated_response([_state(row) for row in page]).data)

    @extend_schema(
        operation_id="channel_copy_ask",
        request=shape(CopyWish),
        responses={202: shape(CopyState), 200: repeated(CopyState)},
        parameters=[KEY],
    )
    def post(self, request: Request, channel_id: int) -> HttpResponse:
        """Have a copy made, however large the channel is: six a day."""
        wish = body_as(request, CopyWish)
        if wish.form not in CopyForm.values:
            raise Invalid(fields={"form": [_("Choose json or markdown.")]})
        actor, form = cast("Member", request.user), CopyForm(wish.form)

        def ask() -> dict[str, int]:
            return {"id": ask_for_copy(actor=actor, channel_id=channel_id, form=form).pk}

        reply, is_repeated = once(request, f"channel_copy_ask {channel_id}", wish, ask)
        row = copy_for(actor, channel_id, reply["id"])
        return as_json(_state(row), 200 if is_repeated else 202)


class CopyView(APIView):
    """``channels/<id>/copies/<id>/``."""

    @extend_schema(operation_id="channel_copy", responses=shape(CopyState))
    def get(self, request: Request, channel_id: int, copy_id: int) -> HttpResponse:
        """Whether it is there, and where."""
        return as_json(_state(copy_for(cast("Member", request.user), channel_id, copy_id)))


class CopyFileView(APIView):
    """``channels/<id>/copies/<id>/file/``."""

    @extend_schema(operation_id="channel_copy_file", responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, channel_id: int, copy_id: int) -> HttpResponseBase:
        """The file, for who asked for it; 404 while it is being made."""
        return copy_answer(copy_for(cast("Member", request.user), channel_id, copy_id))
