"""This app's own parts: the newest results for everybody, one's organisations at home."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from front.parts import HOME, STRANGERS, Part
from front.queries import newest_results
from members.access import is_member
from members.queries.roles import granted_roles

NEWEST = 4
ROLES_SHOWN = 12


def _newest(_request: HttpRequest) -> Mapping[str, Any] | None:
    results = newest_results(NEWEST)
    return {"results": results} if results else None


def _own(request: HttpRequest) -> Mapping[str, Any] | None:
    """The organisations in which one has a role. One query."""
    if not is_member(request.user):
        return None
    roles = list(granted_roles(request.user)[:ROLES_SHOWN])
    return {"roles": roles} if roles else None


def register() -> None:
    """Add the parts."""
    HOME.register(Part("own", _("Your organisations"), "front/_own.html", _own, order=40))
    for page, order in ((STRANGERS, 30), (HOME, 60)):
        page.register(
            Part("results", _("Newest results"), "front/_results.html", _newest, order=order)
        )
