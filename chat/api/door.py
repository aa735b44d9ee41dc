"""What addresses of the chat's REST have in common beside `live.rest`."""

from django.utils.translation import gettext as _
from rest_framework.request import Request

from base.errors import Invalid, NotFound
from members.access import is_member
from members.models import Member


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


def member_of(request: Request) -> Member:
    """The full member who asks.

    Raises:
        NotFound: a guest.
    """
    if not is_member(request.user):
        raise NotFound
    return request.user
