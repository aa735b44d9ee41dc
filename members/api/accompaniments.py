"""REST: accompaniments of one's organisations, what was done for them, and portfolios."""

import msgspec
from django.db.models import Q, QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.errors import Forbidden
from base.pagination import Pages
from live.openapi import KEY, shape
from live.rest import body_as, do
from live.shapes import Ack
from members.access.organisations import organisation_for, portfolio_for, role_in
from members.access.people import is_staff
from members.api.organisations import own_topic
from members.api.permissions import MembersOnly
from members.events import AccompanimentAsk, AccompanimentName, Card, OrganisationCard
from members.models.organisations import Accompaniment, AccompanimentQuerySet, Act
from members.portfolio import columns
from members.queries.accompaniments import own_accompaniments, portfolio_of, portfolio_rows
from members.queries.cards import member_card
from members.queries.organisations import acts_for_it, organisation_card

ORGANISATION = OpenApiParameter(
    "organisation", int, description="Only those in which this organisation is a side."
)


class AccompanimentSerializer(serializers.ModelSerializer[Accompaniment]):
    """An accompaniment that is asked for or holds."""

    intermediary = serializers.SerializerMethodField()
    organisation = serializers.SerializerMethodField()
    state = serializers.ChoiceField(["asked", "holding", "ended"])

    class Meta:
        model = Accompaniment
        fields = (
            "id", "intermediary", "organisation", "state", "asked_side", "asked_at",
            "confirmed_at",
        )  # fmt: skip

    @extend_schema_field(shape(OrganisationCard))
    def get_intermediary(self, row: Accompaniment) -> dict[str, object]:
        """Return the card of the side that accompanies."""
        return dict(msgspec.to_builtins(organisation_card(row.intermediary)))

    @extend_schema_field(shape(OrganisationCard))
    def get_organisation(self, row: Accompaniment) -> dict[str, object]:
        """Return the card of the side that is accompanied."""
        return dict(msgspec.to_builtins(organisation_card(row.organisation)))


@extend_schema_view(get=extend_schema(operation_id="accompaniments", parameters=[ORGANISATION]))
class Accompaniments(generics.ListAPIView[Accompaniment]):
    """Accompaniments of the organisations in which one has a role."""

    permission_classes = (MembersOnly,)
    serializer_class = AccompanimentSerializer
    pagination_class = Pages
    filter_backends = ()
    queryset = Accompaniment.objects.none()

    def get_queryset(self) -> AccompanimentQuerySet:
        """Return those that were asked for or hold, oldest first."""
        rows = own_accompaniments(self.request.user)
        asked = self.request.query_params.get("organisation", "")
        if asked.isascii() and asked.isdigit():
            rows = rows.filter(Q(intermediary=int(asked[:18])) | Q(organisation=int(asked[:18])))
        return rows

    @extend_schema(
        operation_id="accompaniment_ask",
        request=shape(AccompanimentAsk),
        responses={201: shape(Ack)},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Ask for an accompaniment in the name of one side; the other confirms."""
        data = body_as(request, AccompanimentAsk)
        return Response(do(request, "accompaniment.ask", own_topic(request), data), status=201)


class _Decision(APIView):
    """One decision about one accompaniment."""

    permission_classes = (MembersOnly,)
    command = ""

    def post(self, request: Request, accompaniment_id: int) -> Response:
        """Decide."""
        data = AccompanimentName(id=accompaniment_id)
        return Response(do(request, self.command, own_topic(request), data))


@extend_schema_view(
    post=extend_schema(
        operation_id="accompaniment_confirm", request=None, responses=shape(Ack), parameters=[KEY]
    )
)
class ConfirmAccompaniment(_Decision):
    """Agreeing to what the other side asked for."""

    command = "accompaniment.confirm"


@extend_schema_view(
    post=extend_schema(
        operation_id="accompaniment_end", request=None, responses=shape(Ack), parameters=[KEY]
    )
)
class EndAccompaniment(_Decision):
    """Ending, declining or taking back, by either side."""

    command = "accompaniment.end"


class ActSerializer(serializers.ModelSerializer[Act]):
    """Something that an intermediary's member did for an organisation."""

    member = serializers.SerializerMethodField()
    intermediary = serializers.SerializerMethodField()

    class Meta:
        model = Act
        fields = ("id", "what", "subject", "at", "member", "intermediary")

    @extend_schema_field(shape(Card))
    def get_member(self, row: Act) -> dict[str, object] | None:
        """Return the card of who did it, null once erased."""
        return dict(member_card(row.member)) if row.member else None

    @extend_schema_field(shape(OrganisationCard))
    def get_intermediary(self, row: Act) -> dict[str, object]:
        """Return the card of the intermediary for which they did it."""
        return dict(msgspec.to_builtins(organisation_card(row.accompaniment.intermediary)))


@extend_schema_view(get=extend_schema(operation_id="organisation_acts"))
class Acts(generics.ListAPIView[Act]):
    """What was done for an organisation, newest first; for its own people."""

    permission_classes = (MembersOnly,)
    serializer_class = ActSerializer
    pagination_class = Pages
    filter_backends = ()
    queryset = Act.objects.none()

    def get_queryset(self) -> QuerySet[Act]:
        """Return the acts, if the actor has a role in the organisation.

        Raises:
            NotFound: `not_found`.
            Forbidden: `forbidden`.
        """
        found = organisation_for(self.request.user, self.kwargs["organisation_id"])
        if not is_staff(self.request.user) and not role_in(self.request.user, found):
            raise Forbidden
        return acts_for_it(found)


class PortfolioLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line in a cell of a portfolio."""

    text: str
    url: str


class PortfolioEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation of a portfolio.

    Attributes:
        accompaniment: id.
        state: `asked` or `holding`.
        asked_side: `intermediary` or `organisation`.
        gaps: What is missing on its page; empty while it is only asked.
        columns: What other parts say of it, by the column's name.
    """

    accompaniment: int
    organisation: OrganisationCard
    state: str
    asked_side: str
    gaps: list[str]
    columns: dict[str, list[PortfolioLine]]


class PortfolioPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a portfolio."""

    count: int
    next: str | None
    previous: str | None
    results: list[PortfolioEntry]


class Portfolio(APIView):
    """What an intermediary accompanies, by name; for its own people."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="organisation_portfolio", responses=shape(PortfolioPage))
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return a page of the portfolio."""
        intermediary = portfolio_for(request.user, organisation_id)
        pages = Pages()
        rows = pages.paginate_queryset(portfolio_of(intermediary), request, view=self) or []
        names = [column.name for column in columns()]
        entries = [
            PortfolioEntry(
                accompaniment=row.accompaniment.pk,
                organisation=organisation_card(row.accompaniment.organisation),
                state=row.accompaniment.state,
                asked_side=row.accompaniment.asked_side,
                gaps=[str(gap.value) for gap in row.gaps],
                columns={
                    name: [PortfolioLine(text=cell.text, url=cell.url) for cell in cells]
                    for name, cells in zip(names, row.cells, strict=True)
                },
            )
            for row in portfolio_rows(rows)
        ]
        return pages.get_paginated_response(msgspec.to_builtins(entries))
