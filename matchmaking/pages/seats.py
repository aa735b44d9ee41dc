"""Pages of meeting rounds for those who take part: their meetings, and one with their tables."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from matchmaking.access.rounds import own_place_for
from matchmaking.queries.seats import own_meeting, places_in_meetings, tables_of
from matchmaking.vocabulary import WaitsWhy
from members.pages.actor import actor_of
from members.pages.door import members_only

PAGE_SIZE = 20


@members_only
@require_safe
def own_meetings(request: HttpRequest) -> HttpResponse:
    """The meetings in which one takes part, the newest first."""
    page = Paginator(places_in_meetings(actor_of(request)), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    rows = [own_meeting(place) for place in page]
    return render(request, "matchmaking/own_meetings.html", {"page": page, "meetings": rows})


@members_only
@require_safe
def own_tables(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Where one sits in each round of a meeting, and with whom."""
    place = own_place_for(request.user, meeting_id)
    tables = tables_of([place])[place.pk]
    current = (each for each in tables.rounds if each.number == tables.meeting.current)
    values = {
        "meeting": tables.meeting,
        "now": next(current, None),
        "rounds": tables.rounds,
        "whys": WaitsWhy.values,
    }
    return render(request, "matchmaking/own_tables.html", values)
