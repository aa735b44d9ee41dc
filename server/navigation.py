"""The parts of the site as its rail shows them.

Invariants: a part is shown only where its address resolves, so that a part which this instance does
not have is no link to nothing; the order is the rail's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Part:
    """One entry of the rail.

    Attributes:
        url_name: Name of the part's first page; every page of its namespace counts as the part.
        label: One short word.
        icon: Name of a Lucide icon.
        is_public: Whether strangers see it too.
    """

    url_name: str
    label: Promise
    icon: str
    is_public: bool = False


@dataclass(frozen=True)
class Link:
    """A part that exists here, ready for a template."""

    url: str
    label: str
    icon: str
    is_current: bool


PARTS = (
    Part("chat:channels", _("Rooms"), "messages-square"),
    Part("threads:boards", _("Forum"), "message-square-text", is_public=True),
    Part("workshops:list", _("Workshops"), "presentation", is_public=True),
    Part(
        "matchmaking:suggestions",
        pgettext_lazy("part of the site", "Partners"),
        "handshake",
    ),
    Part(
        "learning:modules",
        pgettext_lazy("part of the site", "Learn"),
        "book-open",
        True,
    ),
    Part("cooperation:overview", _("Cooperation"), "waypoints", is_public=True),
    Part("members:directory", _("Members"), "users"),
)

OWN_PAGES = (
    Part("members:settings", _("Profile and settings"), "user"),
    Part("account_email", _("E-mail addresses"), "mail"),
    Part("account_change_password", _("Password"), "lock"),
    Part("members:tokens", _("Access tokens"), "key-round"),
)


def links(request: HttpRequest) -> list[Link]:
    """The parts that exist here and that this visitor may open, in the order of the rail."""
    is_member = request.user.is_authenticated
    shown = [part for part in PARTS if is_member or part.is_public]
    return _resolved(shown, request, _is_current)


def own_links(request: HttpRequest) -> list[Link]:
    """A member's own pages that exist here: what the account menu and its tabs show."""
    return _resolved(OWN_PAGES, request, _is_page)


def _resolved(
    parts: Iterable[Part],
    request: HttpRequest,
    is_current: Callable[[Part, HttpRequest], bool],
) -> list[Link]:
    found = []
    for part in parts:
        try:
            url = reverse(part.url_name)
        except NoReverseMatch:
            continue
        current = is_current(part, request)
        found.append(
            Link(url=url, label=str(part.label), icon=part.icon, is_current=current)
        )
    return found


def _is_current(part: Part, request: HttpRequest) -> bool:
    match = request.resolver_match
    namespace = part.url_name.rpartition(":")[0]
    return match is not None and match.namespace == namespace


def _is_page(part: Part, request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == part.url_name
