"""Refusals as REST problems (RFC 9457), and validation errors as refusals."""

import re
from typing import Any, TypeVar

import msgspec
import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from base.errors import (
    Forbidden,
    Internal,
    Invalid,
    Malformed,
    NotFound,
    Refusal,
    TooLarge,
    TooMany,
)

_logger = structlog.get_logger("live.rest")
_PATH = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<field>[^`]*)`)?$")
BIGINT = 2**63 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")
Struct = TypeVar("Struct", bound=msgspec.Struct)
_MISSING = re.compile(r"^Object missing required field `(?P<field>[^`]+)`")


def fit(data: Any, struct: type[Struct]) -> Struct:
    """Data from outside as that struct; what it holds can be kept.

    Raises:
        Invalid: ``invalid``, with the field that does not fit.
    """
    try:
        made = msgspec.convert(data, struct)
    except msgspec.ValidationError as error:
        raise field_errors(error) from None
    if isinstance(data, dict):
        for field, value in data.items():
            if wrong := _unkept(value):
                raise Invalid(fields={str(field).encode("utf-8", "replace").decode(): [wrong]})
    return made


def _unkept(value: Any) -> str:
    """Why a JSON value cannot be kept; empty for what can.

    Whole numbers have 64 bits at most; half of a surrogate pair is no character.
    """
    if isinstance(value, int):
        return "" if abs(value) <= BIGINT else _("This number is too large.")
    if isinstance(value, str):
        return _("This is no valid Unicode text.") if _SURROGATE.search(value) else ""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    return next(filter(None, map(_unkept, value)), "") if isinstance(value, list) else ""


def field_errors(error: msgspec.ValidationError) -> Invalid:
    """What a struct says of data that does not fit it, as a refusal with its field."""
    text = str(error)
    if missing := _MISSING.match(text):
        return Invalid(fields={missing["field"]: [_("This field is required.")]})
    found = _PATH.match(text)
    field = (found["field"] or "").split("[")[0] if found else ""
    return Invalid(fields={field or "data": [found["what"] if found else text]})


def as_refusal(error: Exception) -> Refusal | None:
    """The refusal that an exception of a view means; None where it is a bug."""
    match error:
        case Refusal():
            return error
        case Http404():
            return NotFound()
        case PermissionDenied() | exceptions.PermissionDenied():
            return Forbidden()
        case exceptions.ParseError() | exceptions.UnsupportedMediaType():
            return Malformed(detail=str(error.detail))
        case RequestDataTooBig():
            return TooLarge()
        case exceptions.Throttled():
            return TooMany(retry_after_s=getattr(error, "wait", None))
        case exceptions.ValidationError():
            detail = error.detail if isinstance(error.detail, dict) else {"data": error.detail}
            fields = {
                str(name): [str(m) for m in (ms if isinstance(ms, list) else [ms])]
                for name, ms in detail.items()
            }
            return Invalid(fields=fields)
    return None


def as_problem(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every error as ``application/problem+json``."""
    set_rollback()
    headers: dict[str, str] = {}
    if isinstance(error, exceptions.APIException) and not isinstance(
        error, exceptions.ValidationError | exceptions.PermissionDenied
    ):
        challenge = getattr(error, "auth_header", None)
        headers = {"WWW-Authenticate": challenge} if challenge else {}
        status, code, detail = error.status_code, error.default_code, str(error.detail)
        known = as_refusal(error)
        body: dict[str, Any] = known.as_dict() if known else {"code": code, "detail": detail}
    else:
        refusal = as_refusal(error)
        if refusal is None:
            _logger.error("request failed", view=type(context["view"]).__name__, exc_info=error)
            refusal = Internal()
        status, body = refusal.status, refusal.as_dict()
    if body.get("retry_after_s") is not None:
        headers["Retry-After"] = str(max(1, round(body["retry_after_s"])))
    problem = {"type": "about:blank", "title": body["detail"], "status": status} | body
    return Response(problem, status, headers=headers, content_type="application/problem+json")
