"""Who gets through the doors of REST."""

from typing import cast

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from base.errors import Forbidden
from live.scopes import READ, WRITE, require, scopes_of
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


class Unsure(Forbidden):
    """Somebody is signed in, but it was long ago that they said who they are."""

    code = "account.unsure"
    default_detail = _("Please say your password again first.")


def require_sure(request: Request) -> None:
    """Let through whom the page would, for what concerns the whole account.

    Raises:
        Unsure: `account.unsure`, a session whose password was not said again lately.
        ScopeMissing: `scope.missing`, a token without `read` or `write` for everything.
    """
    if request.auth is not None:
        require(scopes_of(request), "", READ if request.method in SAFE_METHODS else WRITE)
    elif is_reauthentication_required(request, app=""):
        raise Unsure
