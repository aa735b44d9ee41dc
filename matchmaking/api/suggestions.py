"""REST: suggestions and introductions of the organisations in which one has a role."""

from typing import Any

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from live.api import as_json
from live.openapi import KEY, shape
from live.rest import body_as, do
from live.shapes import Ack
from matchmaking.access.profiles import answering_for
from matchmaking.events.suggestions import (
    AnswerIntroduction,
    AnswerSuggestion,
    IntroductionNow,
    MoveIntroduction,
    ProposeIntroduction,
    SuggestionState,
    UndoAnswer,
)
from matchmaking.queries.introductions import going_on_of
from matchmaking.queries.suggestions import shown_suggestions
from members.api.organisations import own_topic
from members.api.permissions import MembersOnly


class ReasonedSuggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A suggestion with its reasons.

    Attributes:
        reasons: One to four sentences in the request's language, the largest first.
    """

    suggestion: SuggestionState
    reasons: list[str]


class SuggestionList(msgspec.Struct, frozen=True, kw_only=True):
    """The suggestions that wait for an answer, who wants to meet first; at most 100."""

    count: int
    results: list[ReasonedSuggestion]


class IntroductionList(msgspec.Struct, frozen=True, kw_only=True):
    """The introductions that go on, as one's side may know them; at most 100."""

    count: int
    results: list[IntroductionNow]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one's organisation says of a suggestion; as `suggestion.answer` of the socket."""

    answer: str
    why: str = ""
    weeks: int = 4


class Yes(msgspec.Struct, frozen=True, kw_only=True):
    """What one's organisation says to an introduction; a no is silent."""

    yes: bool


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How an introduction goes on: `met`, `cooperating` or `closed`."""

    state: str


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two organisations that the intermediary accompanies."""

    first: int
    second: int


def _ack(request: Request, cmd: str, data: msgspec.Struct) -> HttpResponse:
    return as_json(do(request, cmd, own_topic(request), data))


class Suggestions(APIView):
    """Whom one's organisation might meet."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="suggestions", responses=shape(SuggestionList))
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return the open suggestions with their reasons."""
        answering_for(request.user, organisation_id)
        rows = [
            ReasonedSuggestion(
                suggestion=each.state,
                reasons=list(filter(None, (*each.reasons.sentences, each.reasons.languages))),
            )
            for each in shown_suggestions(organisation_id)
        ]
        return Response(msgspec.to_builtins(SuggestionList(count=len(rows), results=rows)))


class SuggestionAnswer(APIView):
    """One's answer to a suggestion."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="suggestion_answer",
        request=shape(Said),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def put(self, request: Request, organisation_id: int, other_id: int) -> HttpResponse:
        """Say interested, not now or not this one: nobody hears of the latter two."""
        fixed: dict[str, Any] = {"organisation": organisation_id, "other": other_id}
        return _ack(request, "suggestion.answer", body_as(request, AnswerSuggestion, **fixed))

    @extend_schema(
        operation_id="suggestion_undo", request=None, responses=shape(Ack), parameters=[KEY]
    )
    def delete(self, request: Request, organisation_id: int, other_id: int) -> HttpResponse:
        """Take the answer back, as long as both have not agreed."""
        data = UndoAnswer(organisation=organisation_id, other=other_id)
        return _ack(request, "suggestion.undo", data)


class Introductions(APIView):
    """The introductions of one's organisation."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="introductions", responses=shape(IntroductionList))
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return those that go on, the newest first."""
        answering_for(request.user, organisation_id)
        rows = going_on_of(organisation_id)
        return Response(msgspec.to_builtins(IntroductionList(count=len(rows), results=rows)))

    @extend_schema(
        operation_id="introduction_propose",
        request=shape(Pair),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def post(self, request: Request, organisation_id: int) -> HttpResponse:
        """Propose two whom one's intermediary accompanies to each other."""
        data = body_as(request, ProposeIntroduction, intermediary=organisation_id)
        return _ack(request, "introduction.propose", data)


class IntroductionAnswer(APIView):
    """One's answer to an introduction that waits."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="introduction_answer",
        request=shape(Yes),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def put(self, request: Request, organisation_id: int, introduction_id: int) -> HttpResponse:
        """Say yes or no; with both sides' yes a conversation opens."""
        fixed: dict[str, Any] = {"id": introduction_id, "organisation": organisation_id}
        return _ack(request, "introduction.answer", body_as(request, AnswerIntroduction, **fixed))


class IntroductionState(APIView):
    """How an introduction goes on."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="introduction_move",
        request=shape(State),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def put(self, request: Request, organisation_id: int, introduction_id: int) -> HttpResponse:
        """Say that one met, cooperates, or closes it."""
        fixed: dict[str, Any] = {"id": introduction_id, "organisation": organisation_id}
        return _ack(request, "introduction.move", body_as(request, MoveIntroduction, **fixed))
