"""REST: copies of one's own data, the wish to leave, and taking it back.

As on the pages, a session says the password again first; a token needs `read` or `write` for
everything, since a copy holds what all areas keep, and leaving ends all of it.
"""

import msgspec
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.clock import wire_time
from base.errors import Invalid
from base.pagination import Pages
from live.once import NoBody, once
from live.openapi import KEY, repeated, shape
from live.rest import PAGED, body_as
from members.access import export_for
from members.actions.leaving import GRACE, ask_for_export, ask_to_leave, stay
from members.adapter import absolute, browser_of
from members.api.permissions import require_sure, signed_in
from members.models.leaving import Departure, Export
from members.pages.leaving import export_answer
from members.queries.leaving import departure_of, own_exports
from members.vocabulary import LeavingTexts


class ExportState(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of one's own data.

    Attributes:
        asked_at: ISO 8601, UTC, as all times here.
        made_at: When it was complete; null while it is being made.
        expires_at: When it is deleted.
        file: Address of the zip; null while it is being made.
    """

    id: int
    asked_at: str
    made_at: str | None
    expires_at: str
    size_bytes: int
    file: str | None


class ExportPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of one's copies, the newest first."""

    count: int
    next: str | None
    previous: str | None
    results: list[ExportState]


class LeavingState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one leaves.

    Attributes:
        leaving_at: When one is erased, ISO 8601, UTC; null for who stays.
        texts: What becomes of contributions, `leave` or `take`; null for who stays.
        grace_days: How long one can change one's mind.
    """

    leaving_at: str | None
    texts: str | None
    grace_days: int


class LeavingWish(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of contributions: `leave` them without one's name, or `take` them away."""

    texts: str


def _state(row: Export) -> ExportState:
    made = row.made_at
    return ExportState(
        id=row.pk,
        asked_at=wire_time(row.asked_at),
        made_at=wire_time(made) if made else None,
        expires_at=wire_time(row.expires_at),
        size_bytes=row.size_bytes,
        file=f"/api/v1/me/exports/{row.pk}/file/" if made else None,
    )


class Exports(APIView):
    """Copies of one's own data."""

    @extend_schema(operation_id="me_exports", parameters=PAGED, responses=shape(ExportPage))
    def get(self, request: Request) -> Response:
        """Return the copies that are kept still."""
        pages = Pages()
        found: QuerySet[Export] = own_exports(signed_in(request))
        rows = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(msgspec.to_builtins([_state(row) for row in rows]))

    @extend_schema(
        operation_id="me_export_ask",
        request=None,
        responses={202: shape(ExportState), 200: repeated(ExportState)},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Have a copy made, which takes a while: three a day."""
        require_sure(request)
        actor, browser = signed_in(request), browser_of(request)

        def ask() -> dict[str, int]:
            return {"id": ask_for_export(actor=actor, browser=browser).pk}

        reply, is_repeated = once(request, "me_export_ask", NoBody(), ask)
        row = export_for(actor, reply["id"])
        return Response(msgspec.to_builtins(_state(row)), status=200 if is_repeated else 202)


class OneExport(APIView):
    """One copy."""

    @extend_schema(operation_id="me_export", responses=shape(ExportState))
    def get(self, request: Request, export_id: int) -> Response:
        """Return whether it is there, and where."""
        row = export_for(signed_in(request), export_id)
        return Response(msgspec.to_builtins(_state(row)))


class ExportFile(APIView):
    """The zip of a copy."""

    @extend_schema(
        operation_id="me_export_file", responses={(200, "application/zip"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, export_id: int) -> HttpResponseBase:
        """Return the zip; 404 while it is being made."""
        require_sure(request)
        return export_answer(export_for(signed_in(request), export_id))


class Leaving(APIView):
    """The wish to leave."""

    def _answer(self, row: Departure | None, status: int = 200) -> Response:
        state = LeavingState(
            leaving_at=wire_time(row.due_at) if row else None,
            texts=row.texts if row else None,
            grace_days=GRACE.days,
        )
        return Response(msgspec.to_builtins(state), status=status)

    @extend_schema(operation_id="me_leaving", responses=shape(LeavingState))
    def get(self, request: Request) -> Response:
        """Return whether one leaves, and when."""
        return self._answer(departure_of(signed_in(request)))

    @extend_schema(
        operation_id="me_leave",
        request=shape(LeavingWish),
        responses={201: shape(LeavingState)},
    )
    def post(self, request: Request) -> Response:
        """Ask to be erased after the time of grace."""
        require_sure(request)
        texts = body_as(request, LeavingWish).texts
        if texts not in LeavingTexts.values:
            raise Invalid(fields={"texts": [_("Choose leave or take.")]})
        row = ask_to_leave(
            actor=signed_in(request),
            texts=LeavingTexts(texts),
            browser=browser_of(request),
            stay_at=absolute(request, "members:leaving"),
        )
        return self._answer(row, 201)

    @extend_schema(operation_id="me_stay", request=None, responses=shape(LeavingState))
    def delete(self, request: Request) -> Response:
        """Stay after all."""
        stay(actor=signed_in(request), browser=browser_of(request))
        return self._answer(None)
