"""Who asks for a page, and whether it surely is them."""

from collections.abc import Callable
from typing import TypeVar, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from members.models import Member

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def actor_of(request: HttpRequest) -> Member:
    """Return the member who asks; for views behind `login_required`, where there is one."""
    return cast("Member", request.user)


def sure(view: View) -> View:
    """Ask for the password or a second step again, unless that was minutes ago."""
    return cast("View", reauthentication_required(view))


def sure_to_change(view: View) -> View:
    """As `sure`, but let whoever is signed in look at the page."""
    return cast("View", reauthentication_required(view, allow_get=True))
