"""The parts of the site as its rail shows them.

Invariants: a part is shown only where its address resolves, so that a part which this instance does
not have is no link to nothing; the order is the rail's.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.links import Link


@dataclass(frozen=True)
class Part:
    """One entry of the rail.

    Attributes:
        url_name: Name of the part's first page; pages under its address belong to the part.
        label: One short word.
        icon: Name of a Lucide icon.
        is_public: Whether strangers see it too.
        also: Beginnings of further addresses that belong to the part.
    """

    url_name: str
    label: Promise
    icon: str
    is_public: bool = False
    also: tuple[str, ...] = ()


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
        "learning:modules", pgettext_lazy("part of the site", "Learn"), "book-open", is_public=True
    ),
    Part("front:results", _("Results"), "library", is_public=True),
    Part("cooperation:overview", _("Cooperation"), "waypoints", is_public=True),
    Part("members:directory", _("Members"), "users", also=("/organisations/",)),
)


def links(request: HttpRequest) -> list[Link]:
    """The parts that exist here and that this visitor may open, in the order of the rail."""
    is_member = request.user.is_authenticated
    found = []
    for part in PARTS:
        if not (is_member or part.is_public):
            continue
        try:
            url = reverse(part.url_name)
        except NoReverseMatch:
            continue
        current = request.path.startswith((url, *part.also))
        found.append(Link(url=url, label=str(part.label), icon=part.icon, is_current=current))
    return found
