"""REST: matching profiles of the organisations for which one acts."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.errors import NotFound
from live.openapi import KEY, shape
from live.rest import body_as, do
from matchmaking.access.profiles import matching_for
from matchmaking.events.profiles import MatchingState, NameMatching, SaveMatching
from matchmaking.queries.profiles import matching_now, own_matching
from members.api.organisations import own_topic
from members.api.permissions import MembersOnly, signed_in


class MatchingList(msgspec.Struct, frozen=True, kw_only=True):
    """The matching profiles of the organisations in which one has a role; at most 50."""

    count: int
    results: list[MatchingState]


def _shown(organisation_id: int) -> Response:
    found = matching_now([organisation_id]).get(organisation_id)
    if found is None:
        raise NotFound
    return Response(msgspec.to_builtins(found))


class MatchingProfiles(APIView):
    """The matching profiles of one's organisations."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="matching_profiles", responses=shape(MatchingList))
    def get(self, request: Request) -> Response:
        """Return them by the organisation's id."""
        rows = own_matching(signed_in(request))
        return Response(msgspec.to_builtins(MatchingList(count=len(rows), results=rows)))


class OneMatchingProfile(APIView):
    """The matching profile of an organisation for which one acts."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="matching_profile", responses=shape(MatchingState))
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return what it says, with how complete it is and what would help more."""
        matching_for(request.user, organisation_id)
        return _shown(organisation_id)

    @extend_schema(
        operation_id="matching_save",
        request=shape(SaveMatching),
        responses=shape(MatchingState),
        parameters=[KEY],
    )
    def patch(self, request: Request, organisation_id: int) -> Response:
        """Make or change it: once per `Idempotency-Key`, if one is sent."""
        change = body_as(request, SaveMatching, organisation=organisation_id)
        do(request, "matching.save", own_topic(request), change)
        return _shown(organisation_id)


class _Step(APIView):
    """A step of one's own profile."""

    permission_classes = (MembersOnly,)
    command: str

    def step(self, request: Request, organisation_id: int) -> Response:
        """Run the command."""
        data: Any = NameMatching(organisation=organisation_id)
        do(request, self.command, own_topic(request), data)
        return _shown(organisation_id)


class MatchingRenewal(_Step):
    """The time of a matching profile."""

    command = "matching.renew"

    @extend_schema(
        operation_id="matching_renew",
        request=None,
        responses=shape(MatchingState),
        parameters=[KEY],
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        """Let it count for 90 days from now."""
        return self.step(request, organisation_id)


class MatchingRest(_Step):
    """The rest of a matching profile."""

    command = "matching.rest"

    @extend_schema(
        operation_id="matching_rest", request=None, responses=shape(MatchingState), parameters=[KEY]
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        """Take it out of everybody's suggestions; it can be renewed at any time."""
        return self.step(request, organisation_id)
