"""What addresses of the chat's REST have in common beside `live.rest`."""

from rest_framework.request import Request

from base.errors import NotFound
from members.access import is_member
from members.models import Member


def member_of(request: Request) -> Member:
    """The full member who asks.

    Raises:
        NotFound: a guest.
    """
    if not is_member(request.user):
        raise NotFound
    return request.user
