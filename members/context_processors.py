"""What every page's template knows of the site, and for whom the reader acts."""

from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject

from members.acting import chosen_acting
from members.queries import site_settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: "HttpRequest") -> dict[str, Any]:
    """Return `site`, the settings row, and `acts_as`, for whom the reader chose to act.

    Both are read when a template first asks for them; `acts_as` is None for oneself.
    """
    return {
        "site": getattr(request, "site", None) or SimpleLazyObject(site_settings),
        "acts_as": SimpleLazyObject(lambda: chosen_acting(request)),
    }
