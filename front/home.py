"""This app's own parts of the front page: the newest results for strangers."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from front.parts import Part, register_part
from front.queries import newest_results

NEWEST = 4


def _newest(_request: HttpRequest) -> Mapping[str, Any] | None:
    results = newest_results(NEWEST)
    return {"results": results} if results else None


def register() -> None:
    """Add the parts."""
    for audience, order in (("strangers", 30), ("members", 60)):
        register_part(
            Part(
                name=f"results-{audience}",
                audience="strangers" if audience == "strangers" else "members",
                title=_("Newest results"),
                template="front/_results.html",
                read=_newest,
                order=order,
            )
        )
