"""What every address of the chat's REST does: take the body and the key, run the command."""

import uuid
from typing import Any, TypeVar

import msgspec
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request

from base.errors import Invalid, KeyMissing, NotFound
from base.ids import parse_key
from live.openapi import shape
from live.problems import field_errors
from live.shapes import Ack
from live.units import perform
from members.access import is_member
from members.models import Member

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


def member_of(request: Request) -> Member:
    """The full member who asks.

    Raises:
        NotFound: a guest.
    """
    if not is_member(request.user):
        raise NotFound
    return request.user


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


def optional_number(request: Request, name: str) -> int | None:
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
