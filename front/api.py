"""REST: the public library of results; what the operator writes, and the partners."""

from collections.abc import Sequence
from typing import cast

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.clock import wire_time
from base.errors import Invalid, NotFound
from base.languages import SITE_LANGUAGES
from base.pagination import Pages
from front.access import is_staff, known_kind
from front.actions import choose_partners, write_text
from front.models import Partner, Result, SiteText
from front.queries import asked_results, found_results, partners, written_texts
from front.vocabulary import MOST_PARTNERS, Axis, ResultKind
from live.openapi import shape
from live.rest import PAGED, body_as
from members.events import OrganisationCard
from members.models import Organisation
from members.queries.organisations import organisation_card


class ResultSerializer(serializers.ModelSerializer[Result]):
    """A result of the public library."""

    themes = serializers.SerializerMethodField()
    countries = serializers.SerializerMethodField()

    class Meta:
        model = Result
        fields = (
            "id", "kind", "title", "summary", "language", "url", "themes", "countries",
            "published_at",
        )  # fmt: skip

    def get_themes(self, result: Result) -> list[str]:
        """Return codes of sectors."""
        return sorted(label.code for label in result.labels.all() if label.axis == Axis.THEME)

    def get_countries(self, result: Result) -> list[str]:
        """Return ISO 3166-1 codes."""
        return sorted(label.code for label in result.labels.all() if label.axis == Axis.COUNTRY)


@extend_schema_view(
    get=extend_schema(
        operation_id="results",
        parameters=[
            OpenApiParameter("kind", enum=ResultKind.values, description="Kind of result."),
            OpenApiParameter("theme", description="Code of a sector, such as `MUS`."),
            OpenApiParameter("country", description="ISO 3166-1 alpha-2."),
            OpenApiParameter("language", description="BCP 47."),
        ],
    )
)
class Results(generics.ListAPIView[Result]):
    """The public library, newest first."""

    permission_classes = (AllowAny,)
    serializer_class = ResultSerializer
    pagination_class = Pages
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Result]:
        """Return the results that were asked for."""
        return found_results(asked_results(self.request.GET))


class StaffWrite(BasePermission):
    """Lets everybody read and staff write."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the actor may make this call."""
        return request.method in SAFE_METHODS or is_staff(request.user)


class SiteTextState(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator says on one page in one language.

    Attributes:
        kind: `about`, `imprint`, `privacy` or `terms`.
        language: BCP 47, one of the site's.
        text: Markdown; empty where nothing was written.
        changed_at: ISO 8601, UTC; null where nothing was written.
    """

    kind: str
    language: str
    text: str
    changed_at: str | None


class SiteTextPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the operator's texts, by page and language."""

    count: int
    next: str | None
    previous: str | None
    results: list[SiteTextState]


class SiteTextWish(msgspec.Struct, frozen=True, kw_only=True):
    """What a page is to say: Markdown; empty removes the text."""

    text: str


class PartnerState(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that runs the site together with others."""

    organisation: OrganisationCard
    is_lead: bool


class PartnerList(msgspec.Struct, frozen=True, kw_only=True):
    """The partners, the lead first, then by name: at most 60."""

    results: list[PartnerState]


class PartnersWish(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to run the site.

    Attributes:
        organisations: Their ids, at most 60; who is not named is no partner any longer.
        lead: Id of the one that leads, who is a partner, too; null for none.
    """

    organisations: list[int]
    lead: int | None = None


def _text(kind: str, language: str, row: SiteText | None) -> SiteTextState:
    return SiteTextState(
        kind=kind,
        language=language,
        text=row.text if row else "",
        changed_at=wire_time(row.changed_at) if row else None,
    )


class SiteTexts(APIView):
    """What the operator writes: about, imprint, privacy, terms."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="site_texts", parameters=PAGED, responses=shape(SiteTextPage))
    def get(self, request: Request) -> Response:
        """Return the texts there are."""
        found = sorted(written_texts().items())
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self) or []
        rows = cast("Sequence[tuple[tuple[str, str], SiteText]]", page)
        said = [_text(kind, language, row) for (kind, language), row in rows]
        return pages.get_paginated_response(msgspec.to_builtins(said))


class OneSiteText(APIView):
    """One text in one language; staff write it."""

    permission_classes = (StaffWrite,)

    @extend_schema(operation_id="site_text", responses=shape(SiteTextState))
    def get(self, request: Request, kind: str, language: str) -> Response:
        """Return what is said in exactly this language."""
        known = _known(kind, language)
        return Response(msgspec.to_builtins(_text(*known, written_texts().get(known))))

    @extend_schema(
        operation_id="site_text_write",
        request=shape(SiteTextWish),
        responses=shape(SiteTextState),
    )
    def put(self, request: Request, kind: str, language: str) -> Response:
        """Say something else there."""
        known = _known(kind, language)
        text = body_as(request, SiteTextWish).text
        row = write_text(actor=request.user, kind=known_kind(kind), language=language, text=text)
        return Response(msgspec.to_builtins(_text(*known, row)))


def _known(kind: str, language: str) -> tuple[str, str]:
    if language not in SITE_LANGUAGES:
        raise NotFound
    return known_kind(kind).value, language


class SitePartners(APIView):
    """Who runs the site together; staff say so."""

    permission_classes = (StaffWrite,)

    @extend_schema(operation_id="site_partners", responses=shape(PartnerList))
    def get(self, request: Request) -> Response:
        """Return the partners."""
        found: list[Partner] = partners()
        rows = [
            PartnerState(organisation=organisation_card(row.organisation), is_lead=row.is_lead)
            for row in found
        ]
        return Response(msgspec.to_builtins(PartnerList(results=rows)))

    @extend_schema(
        operation_id="site_partners_choose",
        request=shape(PartnersWish),
        responses=shape(PartnerList),
    )
    def put(self, request: Request) -> Response:
        """Say who the partners are."""
        wish = body_as(request, PartnersWish)
        wanted = {*wish.organisations, *([] if wish.lead is None else [wish.lead])}
        if len(wanted) > MOST_PARTNERS:
            raise Invalid(fields={"organisations": [_("That is too many partners.")]})
        found = Organisation.objects.in_bulk(sorted(wanted))
        if missing := sorted(wanted - found.keys()):
            said = ", ".join(map(str, missing))
            wrong = _("There is no such organisation: %(ids)s.") % {"ids": said}
            raise Invalid(fields={"organisations": [wrong]})
        lead = found[wish.lead] if wish.lead is not None else None
        choose_partners(actor=request.user, organisations=list(found.values()), lead=lead)
        return self.get(request)
