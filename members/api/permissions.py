"""Who gets through the doors of REST."""

from typing import cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from members.access.people import is_member
from members.models.people import Member


class MembersOnly(BasePermission):
    """Lets full members in, and neither guests nor strangers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the actor is a full member."""
        return is_member(request.user)


def signed_in(request: Request) -> Member:
    """Return the member who asks; permissions let nobody else through."""
    return cast("Member", request.user)
