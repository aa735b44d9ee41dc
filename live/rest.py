"""What REST's writes have in common: the key in a header, the body as a command's data."""

import uuid
from typing import Any, TypeVar

import msgspec
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request

from base.errors import Invalid, KeyMissing
from base.ids import parse_id, parse_key
from live.openapi import shape
from live.performing import perform
from live.problems import fit
from live.shapes import Ack

Struct = TypeVar("Struct", bound=msgspec.Struct)
ACK_NEW = {
    201: OpenApiResponse(shape(Ack), "Done now."),
    200: OpenApiResponse(shape(Ack), "The key came before: the first answer again."),
}
PAGED = [
    OpenApiParameter("page", int, description="Number of the page, from 1."),
    OpenApiParameter("limit", int, description="At most so many, up to 200."),
]


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


def number_of(request: Request, name: str, *, least: int = 1) -> int | None:
    """A whole number of the query, None where it is not given.

    Raises:
        Invalid: it is no such number, or less than ``least``.
    """
    text = request.query_params.get(name)
    if text is None:
        return None
    number = parse_id(text)
    if number is None or number < least:
        raise Invalid(fields={name: [_("A whole number is needed.")]})
    return number


def body_as(request: Request, struct: type[Struct], **fixed: Any) -> Struct:
    """The request's body as a command's data, with what the address says.

    Raises:
        Invalid: it does not fit.
    """
    body = request.data if isinstance(request.data, dict) else {}
    return fit({**body, **fixed}, struct)


def do(request: Request, cmd: str, topic: str, data: msgspec.Struct) -> dict[str, Any]:
    """Run a command for the request's member under the request's key."""
    return perform(actor=request.user, cmd=cmd, topic=topic, data=data, key=key_of(request))
