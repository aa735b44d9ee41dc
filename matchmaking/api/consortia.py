"""REST: the consortium builder, and consortia that were proposed."""

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.errors import Invalid, NotFound
from live.openapi import KEY, shape
from live.rest import ACK_NEW, body_as, do
from matchmaking.access.consortia import consortium_for
from matchmaking.access.profiles import answering_for
from matchmaking.events.consortia import (
    AnswerConsortium,
    CloseConsortium,
    ConsortiumNow,
    ProposeConsortium,
    SeekTeam,
    TeamFound,
)
from matchmaking.queries.consortia import consortia_of, consortia_of_events, found_team
from matchmaking.rules.consortia import shape_of, team_errors
from members.api.organisations import own_topic
from members.api.permissions import MembersOnly


class ConsortiumList(msgspec.Struct, frozen=True, kw_only=True):
    """The consortia of an organisation, the newest first; at most 50."""

    count: int
    results: list[ConsortiumNow]


class BestTeam(APIView):
    """The best team that an organisation could lead."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="consortium_best", request=shape(SeekTeam), responses=shape(TeamFound)
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        """Return it, why each is in, who could replace whom, and what is missing.

        Nothing is kept and nobody is told.
        """
        answering_for(request.user, organisation_id)
        asked = body_as(request, SeekTeam)
        if wrong := team_errors(asked):
            raise Invalid(fields=wrong)
        found = found_team(organisation_id, shape_of(asked), asked.needs, asked.members)
        if found is None:
            raise NotFound
        return Response(msgspec.to_builtins(found))


class Consortia(APIView):
    """Consortia of an organisation in which one has a role."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="consortia", responses=shape(ConsortiumList))
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return them, as far as it may know them."""
        answering_for(request.user, organisation_id)
        rows = consortia_of(organisation_id)
        return Response(msgspec.to_builtins(ConsortiumList(count=len(rows), results=rows)))

    @extend_schema(
        operation_id="consortium_propose",
        request=shape(ProposeConsortium),
        responses=ACK_NEW,
        parameters=[KEY],
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        """Propose one: each of the others is asked."""
        data = body_as(request, ProposeConsortium, organisation=organisation_id)
        done = do(request, "consortium.propose", own_topic(request), data)
        return Response(done, status=200 if done.get("replayed") else 201)


class OneConsortium(APIView):
    """One consortium."""

    permission_classes = (MembersOnly,)

    def _shown(self, organisation_id: int, consortium_id: int) -> Response:
        pair = (consortium_for(organisation_id, consortium_id).pk, organisation_id)
        return Response(msgspec.to_builtins(consortia_of_events([pair])[pair]))

    @extend_schema(operation_id="consortium", responses=shape(ConsortiumNow))
    def get(self, request: Request, organisation_id: int, consortium_id: int) -> Response:
        """Return it, as far as the organisation may know it."""
        answering_for(request.user, organisation_id)
        return self._shown(organisation_id, consortium_id)

    @extend_schema(
        operation_id="consortium_answer",
        request=shape(AnswerConsortium),
        responses=shape(ConsortiumNow),
        parameters=[KEY],
    )
    def post(self, request: Request, organisation_id: int, consortium_id: int) -> Response:
        """Say yes or no for one's organisation; a no is silent."""
        fixed = {"consortium": consortium_id, "organisation": organisation_id}
        data = body_as(request, AnswerConsortium, **fixed)
        do(request, "consortium.answer", own_topic(request), data)
        return self._shown(organisation_id, consortium_id)

    @extend_schema(operation_id="consortium_close", responses={204: None}, parameters=[KEY])
    def delete(self, request: Request, organisation_id: int, consortium_id: int) -> Response:
        """Give up one that one's organisation proposed."""
        data = CloseConsortium(consortium=consortium_id, organisation=organisation_id)
        do(request, "consortium.close", own_topic(request), data)
        return Response(status=204)
