"""REST: cooperation requests, whom they fit, and answers to them."""

import msgspec
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.pagination import Pages
from live.openapi import KEY, shape
from live.rest import ACK_NEW, PAGED, body_as, do
from matchmaking.access.profiles import answering_for
from matchmaking.access.requests import kept_request_for, request_for
from matchmaking.events.requests import (
    AnswerRequest,
    ChangeRequest,
    EndRequest,
    NameRequest,
    PostRequest,
    RequestNow,
)
from matchmaking.models import CooperationRequest
from matchmaking.queries.fitting import fitting_organisations, fitting_requests
from matchmaking.queries.requests import (
    FILTERS,
    asked_for,
    found_requests,
    kept_requests,
    request_state,
    request_states,
)
from matchmaking.vocabulary import Cooperation
from members.api.organisations import own_topic
from members.api.parameters import COUNTRY, LANGUAGE, SEARCH, SECTOR
from members.api.permissions import MembersOnly, signed_in
from members.events import OrganisationCard
from members.queries.organisations import organisation_card

MOST_FITTING = 20
FORMS = list(Cooperation.values)
FILTERED = [
    SEARCH,
    COUNTRY,
    SECTOR,
    LANGUAGE,
    OpenApiParameter("need", str, many=True, enum=FORMS, description="Forms that are sought."),
    OpenApiParameter("offer", str, many=True, enum=FORMS, description="Forms that are offered."),
    OpenApiParameter("mine", bool, description="Those that one keeps, whatever their state."),
]


class RequestPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of requests, the newest first; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[RequestNow]


class FittingRow(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that a request fits; `reasons` are sentences in the reader's language."""

    organisation: OrganisationCard
    reasons: list[str]


class FittingList(msgspec.Struct, frozen=True, kw_only=True):
    """The organisations that a request fits, the best first; at most 20."""

    results: list[FittingRow]


class FittingRequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request that fits an organisation; `reasons` are sentences in the reader's language."""

    request: RequestNow
    reasons: list[str]


class FittingRequestList(msgspec.Struct, frozen=True, kw_only=True):
    """The requests that fit an organisation, the best first; at most so many as it set."""

    results: list[FittingRequestRow]


class Requests(APIView):
    """Cooperation requests."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="cooperation_requests",
        parameters=[*FILTERED, *PAGED],
        responses=shape(RequestPage),
    )
    def get(self, request: Request) -> Response:
        """Return the open requests that one may read, filtered, the newest first."""
        chosen = {name: request.query_params.getlist(name) for name in FILTERS}
        asked = asked_for(request.query_params.get("search", ""), chosen)
        is_mine = request.query_params.get("mine") in {"true", "1"}
        rows = kept_requests(request.user) if is_mine else found_requests(request.user, asked)
        pages = Pages()
        page: list[CooperationRequest] = pages.paginate_queryset(rows, request) or []
        shown = [msgspec.to_builtins(request_state(row)) for row in page]
        return pages.get_paginated_response(shown)

    @extend_schema(
        operation_id="cooperation_request_post",
        request=shape(PostRequest),
        responses={201: shape(RequestNow)},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Post one for an organisation for which one acts: once per `Idempotency-Key`."""
        done = do(request, "request.post", own_topic(request), body_as(request, PostRequest))
        return Response(msgspec.to_builtins(request_states([done["id"]])[done["id"]]), status=201)


class OneRequest(APIView):
    """One cooperation request."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="cooperation_request", responses=shape(RequestNow))
    def get(self, request: Request, request_id: int) -> Response:
        """Return it."""
        return Response(msgspec.to_builtins(request_state(request_for(request.user, request_id))))

    @extend_schema(
        operation_id="cooperation_request_change",
        request=shape(ChangeRequest),
        responses=shape(RequestNow),
        parameters=[KEY],
    )
    def patch(self, request: Request, request_id: int) -> Response:
        """Change what it says: once per `Idempotency-Key`, if one is sent."""
        said = body_as(request, ChangeRequest, id=request_id)
        do(request, "request.change", own_topic(request), said)
        return self.get(request, request_id)


class RequestEnd(APIView):
    """The end of a request."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="cooperation_request_end",
        request=shape(EndRequest),
        responses=shape(RequestNow),
        parameters=[KEY],
    )
    def post(self, request: Request, request_id: int) -> Response:
        """Say that a partner was found, or close it without one."""
        said = body_as(request, EndRequest, id=request_id)
        do(request, "request.end", own_topic(request), said)
        return Response(msgspec.to_builtins(request_states([request_id])[request_id]))


class RequestRenewal(APIView):
    """The time of a request."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="cooperation_request_renew",
        request=None,
        responses=shape(RequestNow),
        parameters=[KEY],
    )
    def post(self, request: Request, request_id: int) -> Response:
        """Let it last 90 days from now, until its deadline at most; also one that was ended."""
        do(request, "request.renew", own_topic(request), NameRequest(id=request_id))
        return Response(msgspec.to_builtins(request_states([request_id])[request_id]))


class RequestAnswers(APIView):
    """Answers to a request."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="cooperation_request_answer",
        request=shape(AnswerRequest),
        responses=ACK_NEW,
        parameters=[KEY],
    )
    def post(self, request: Request, request_id: int) -> Response:
        """Answer it for an organisation, which opens a conversation: its id and topic."""
        said = body_as(request, AnswerRequest, id=request_id)
        done = do(request, "request.answer", own_topic(request), said)
        return Response(done, status=200 if done.get("replayed") else 201)


class RequestFits(APIView):
    """Whom a request fits."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="cooperation_request_fits", responses=shape(FittingList))
    def get(self, request: Request, request_id: int) -> Response:
        """Return the organisations that it fits, for those who keep it."""
        _acting, row = kept_request_for(request.user, request_id)
        rows = [
            FittingRow(
                organisation=organisation_card(each.profile.organisation),
                reasons=[*each.reasons.sentences],
            )
            for each in fitting_organisations(row, MOST_FITTING)
        ]
        return Response(msgspec.to_builtins(FittingList(results=rows)))


class FittingRequests(APIView):
    """Which requests fit an organisation."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="matching_requests", responses=shape(FittingRequestList))
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return the open requests that fit an organisation in which one has a role."""
        actor = signed_in(request)
        answering_for(actor, organisation_id)
        rows = [
            FittingRequestRow(
                request=request_state(each.request), reasons=[*each.reasons.sentences]
            )
            for each in fitting_requests(actor, organisation_id)
        ]
        return Response(msgspec.to_builtins(FittingRequestList(results=rows)))
