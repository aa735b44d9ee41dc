"""REST: meeting rounds, for those who take part."""

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.pagination import Pages
from live.openapi import shape
from live.rest import PAGED
from matchmaking.access.rounds import own_place_for
from matchmaking.events.rounds import OwnMeeting, OwnTables
from matchmaking.queries.seats import own_meeting, places_in_meetings, tables_of
from members.api.permissions import MembersOnly, signed_in


class OwnMeetingPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of meetings in which one takes part, the newest first."""

    count: int
    next: str | None
    previous: str | None
    results: list[OwnMeeting]


class OwnMeetings(APIView):
    """The meetings in which one takes part."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="own_meetings", parameters=PAGED, responses=shape(OwnMeetingPage))
    def get(self, request: Request) -> Response:
        """Return them, the newest first."""
        pages = Pages()
        places = pages.paginate_queryset(places_in_meetings(signed_in(request)), request) or []
        rows = [msgspec.to_builtins(own_meeting(place)) for place in places]
        return pages.get_paginated_response(rows)


class OneOwnMeeting(APIView):
    """One's rounds of a meeting."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="own_meeting", responses=shape(OwnTables))
    def get(self, request: Request, meeting_id: int) -> Response:
        """Return at which table one sits in each round, and with whom."""
        place = own_place_for(request.user, meeting_id)
        return Response(msgspec.to_builtins(tables_of([place])[place.pk]))
