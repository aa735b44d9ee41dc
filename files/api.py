"""REST of uploads: announce, send parts, ask how far it came, cancel.

A part that was cut off is sent again from the offset that ``HEAD`` says; the last one finishes the
upload and answers what it became.
"""

import uuid
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.errors import Invalid, KeyMissing, TooMany
from base.ids import parse_key
from base.pagination import Pages
from files import actions, queries
from files.access import own_file
from files.events import Accounts, AnnounceFile, DescribeFile, Upload, Uploads
from files.limits import chunks
from live.api import as_json
from live.openapi import KEY, shape
from live.problems import fit

OFFSET = OpenApiParameter(
    "Upload-Offset",
    int,
    OpenApiParameter.HEADER,
    required=True,
    description="Where the bytes belong, counted from 0.",
)


class UploadsView(APIView):
    """``files/``: announcing an upload; one's own that belong to nothing yet."""

    @extend_schema(
        operation_id="uploads",
        parameters=[
            OpenApiParameter("page", int, description="Number of the page, from 1."),
            OpenApiParameter("limit", int, description="At most so many, up to 200."),
        ],
        responses=shape(Uploads),
    )
    def get(self, request: Request) -> HttpResponse:
        """One's own uploads, and files that are not yet part of anything, the newest first."""
        pages = Pages()
        page = pages.paginate_queryset(queries.loose_files(request.user), request, self) or []
        rows = [queries.upload_of(file) for file in page]
        return as_json(pages.get_paginated_response(rows).data)

    @extend_schema(
        operation_id="upload_announce",
        request=shape(AnnounceFile),
        responses={201: OpenApiResponse(shape(Upload), "Send its bytes now.")},
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Announce a file; its bytes follow by PATCH at the address that ``Location`` names."""
        data = _body(request, AnnounceFile)
        text = request.headers.get("Idempotency-Key")
        key = parse_key(text)
        if text is not None and key is None:
            raise KeyMissing
        file = actions.announce_file(
            actor=request.user,
            name=data.name,
            size_bytes=data.size_bytes,
            account=data.account,
            alt=data.alt,
            key=key,
        )
        answer = _answer(queries.upload_of(file), 201)
        answer["Location"] = f"/api/v1/files/{file.pk}/"
        return answer


class UploadView(APIView):
    """``files/<id>/``: an upload of one's own."""

    @extend_schema(operation_id="upload", responses=shape(Upload))
    def get(self, request: Request, file_id: uuid.UUID) -> HttpResponse:
        """How far it came, or what it became."""
        return _answer(queries.upload_of(own_file(request.user, file_id)))

    @extend_schema(exclude=True)
    def head(self, request: Request, file_id: uuid.UUID) -> HttpResponse:
        """How far it came, in the headers ``Upload-Offset`` and ``Upload-Length``."""
        return self.get(request, file_id)

    @extend_schema(
        operation_id="upload_append",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[OFFSET],
        responses=shape(Upload),
    )
    def patch(self, request: Request, file_id: uuid.UUID) -> HttpResponse:
        """Send the next bytes, about 1 MiB at once and at most 4 MiB; the last ones finish it."""
        if not chunks.take(request.user.pk or 0):
            raise TooMany
        offset = request.headers.get("Upload-Offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 16):  # noqa: PLR2004 - bigint
            raise Invalid(fields={"Upload-Offset": [_("A whole number is needed.")]})
        file = actions.append_bytes(
            actor=request.user,
            file_id=file_id,
            offset=int(offset),
            source=request.stream or BytesIO(),
        )
        return _answer(queries.upload_of(file))

    @extend_schema(operation_id="upload_cancel", request=None, responses={204: None})
    def delete(self, request: Request, file_id: uuid.UUID) -> HttpResponse:
        """Cancel an upload, or throw a file away that belongs to nothing yet."""
        actions.drop_file(actor=request.user, file_id=file_id)
        return HttpResponse(status=204)


class AltView(APIView):
    """``files/<id>/alt/``: what a picture shows."""

    @extend_schema(
        operation_id="upload_describe", request=shape(DescribeFile), responses=shape(Upload)
    )
    def put(self, request: Request, file_id: uuid.UUID) -> HttpResponse:
        """Say what a picture shows, as long as it belongs to nothing yet."""
        alt = _body(request, DescribeFile).alt
        file = actions.describe_file(actor=request.user, file_id=file_id, alt=alt)
        return _answer(queries.upload_of(file))


class AccountsView(APIView):
    """``file-accounts/``: whose quota one may use."""

    @extend_schema(operation_id="file_accounts", responses=shape(Accounts))
    def get(self, request: Request) -> HttpResponse:
        """One's accounts with what they have taken, the usual one first."""
        return as_json(Accounts(results=queries.account_uses(request.user)))


def _answer(upload: Upload, status: int = 200) -> HttpResponse:
    answer = as_json(upload, status)
    answer["Upload-Offset"] = str(upload.offset)
    answer["Upload-Length"] = str(upload.length)
    answer["Cache-Control"] = "no-store"
    return answer


def _body(request: Request, struct: type[Any]) -> Any:
    return fit(request.data, struct)
