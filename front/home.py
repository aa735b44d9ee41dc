"""This app's own parts of the front page: the newest results for strangers."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from front.parts import HOME, STRANGERS, Part
from front.queries import newest_results

NEWEST = 4


def _newest(_request: HttpRequest) -> Mapping[str, Any] | None:
    results = newest_results(NEWEST)
    return {"results": results} if results else None


def register() -> None:
    """Add the parts."""
    for page, order in ((STRANGERS, 30), (HOME, 60)):
        page.register(
            Part("results", _("Newest results"), "front/_results.html", _newest, order=order)
        )
