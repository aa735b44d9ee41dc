"""The pages of the part "Partners", as the list beside each of them shows them.

Invariants: a page stands there only for whom it answers; on a page that is about no organisation of
the reader's, the list is that of the organisation which the reader speaks for first.
"""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.links import Link
from matchmaking.pages.door import House, house_of
from members.models import Organisation
from members.pages.actor import actor_of

register = template.Library()


@dataclass(frozen=True)
class Page:
    """One page of the part.

    Attributes:
        url_name: Its name in the addresses of matchmaking.
        label: A few words.
        icon: Name of a Lucide icon.
        under: Names of further pages that belong to it.
        is_of_house: Whether its address names the organisation.
    """

    url_name: str
    label: Promise
    icon: str
    under: tuple[str, ...] = ()
    is_of_house: bool = False


@dataclass(frozen=True)
class Area:
    """What the list shows.

    Attributes:
        links: The pages in their order.
        organiser_links: The pages of organisers; empty for others.
        own: The organisations among which the reader may choose; none where there is one only.
        chosen: The one that the page is about; None where it is about no single one.
    """

    links: list[Link]
    organiser_links: list[Link]
    own: list[Organisation]
    chosen: Organisation | None


NOBODY = Page("suggestions", _("Suggestions"), "sparkles")
SUGGESTIONS = Page(
    "suggestions_of", _("Suggestions"), "sparkles", ("suggestions",), is_of_house=True
)
INTRODUCTIONS = Page("introductions", _("Introductions"), "handshake", is_of_house=True)
PROFILE = Page("profile", _("Matching profile"), "list-checks", is_of_house=True)
PROPOSE = Page("propose", _("Propose an introduction"), "user-plus", is_of_house=True)
CONSORTIA = Page(
    "consortia", _("Consortia"), "waypoints", ("consortium", "consortium_build"), is_of_house=True
)
FOR_ALL = (
    Page("groups", _("Project groups"), "users", ("group",)),
    Page(
        "requests",
        _("Cooperation requests"),
        "megaphone",
        ("request", "request_edit", "request_post"),
    ),
    Page("own_meetings", _("Your meetings"), "calendar", ("own_tables",)),
    Page("how", _("How suggestions are made"), "info"),
)
FOR_ORGANISERS = (
    Page("figures", _("Figures"), "chart-column", ("what_if",)),
    Page("meetings", _("Meeting rounds"), "calendar-days", ("meeting", "meeting_plan")),
)


@register.simple_tag(takes_context=True)
def partners_area(context: template.Context) -> Area:
    """Return the list, read once for a page that shows it twice. One query, or none."""
    # Blocks of one page have this in common, and nothing else.
    kept = context.render_context
    if "partners_area" not in kept:
        kept["partners_area"] = _area(context["request"], context.get("house"))
    area: Area = kept["partners_area"]
    return area


def _area(request: HttpRequest, known: House | None) -> Area:
    house = known or house_of(request, None)
    actor = actor_of(request)
    pages = (*_of_house(house), *FOR_ALL)
    for_organisers = FOR_ORGANISERS if actor.is_organiser or actor.is_staff else ()
    own = house.own if house and len(house.own) > 1 else []
    return Area(
        [_link(request, page, house) for page in pages],
        [_link(request, page, house) for page in for_organisers],
        own,
        known.organisation if known else None,
    )


def _of_house(house: House | None) -> list[Page]:
    """What one does for an organisation; some of it its own people alone do."""
    if house is None:
        return [NOBODY]
    found = [SUGGESTIONS, INTRODUCTIONS, PROFILE]
    if house.acting.through is None:
        if house.organisation.may_accompany:
            found.append(PROPOSE)
        found.append(CONSORTIA)
    return found


def _link(request: HttpRequest, page: Page, house: House | None) -> Link:
    match = request.resolver_match
    here = match.url_name if match and match.app_name == "matchmaking" else None
    arguments = [house.organisation.pk] if page.is_of_house and house else []
    return Link(
        reverse(f"matchmaking:{page.url_name}", args=arguments),
        str(page.label),
        page.icon,
        here in (page.url_name, *page.under),
    )
