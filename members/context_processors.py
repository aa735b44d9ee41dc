"""What every page's template knows of the site."""

from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject

from members.queries import site_settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: "HttpRequest") -> dict[str, Any]:
    """Return `site`, the settings row, read when a template first asks for it."""
    return {"site": getattr(request, "site", None) or SimpleLazyObject(site_settings)}
