"""REST: organisations, their roles, and the sectors they may name."""

from typing import Any

import msgspec
from django.db.models import QuerySet
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.pagination import Pages
from live.openapi import KEY, shape
from live.rest import body_as, do
from members.access.organisations import organisation_for
from members.access.people import Actor
from members.api.parameters import FILTERED, REGION, asked_by
from members.api.permissions import MembersOnly
from members.events import OrganisationChange, OrganisationCreate, OrganisationWords
from members.models.organisations import Organisation
from members.models.people import Member
from members.queries.directory import found_organisations
from members.queries.organisations import text_for, with_details
from members.sectors import in_order, sectors


def languages_wanted(actor: Actor) -> list[str]:
    """Return the languages in which a reader likes to read, the interface's first."""
    spoken = list(actor.languages) if isinstance(actor, Member) else []
    return [get_language() or "en", *spoken]


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation."""

    sectors = serializers.SerializerMethodField()
    languages = serializers.SerializerMethodField()
    logo = serializers.SerializerMethodField()
    description = serializers.SerializerMethodField()
    descriptions = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields = (
            "id", "name", "country", "kind", "region", "town", "website", "founded", "size",
            "sectors", "languages", "logo", "is_public", "description", "descriptions",
        )  # fmt: skip

    def get_sectors(self, organisation: Organisation) -> list[str]:
        """Return the codes of its sectors, in the list's order."""
        return in_order(row.code for row in organisation.sectors.all())

    def get_languages(self, organisation: Organisation) -> list[str]:
        """Return BCP 47 tags, the language spoken best first."""
        return [row.language for row in organisation.languages.all()]

    def get_logo(self, organisation: Organisation) -> str:
        """Return the address of its logo, "" for none."""
        return organisation.logo.url if organisation.logo else ""

    def get_description(self, organisation: Organisation) -> str:
        """Return what it says of itself in the language that suits the reader best."""
        found = text_for(organisation.texts.all(), self.context["wanted"])
        return found.text if found else ""

    def get_descriptions(self, organisation: Organisation) -> dict[str, str]:
        """Return what it says of itself, by BCP 47 tag."""
        return {row.language: row.text for row in organisation.texts.all()}


def own_topic(request: Request) -> str:
    """Return the topic on which a member's own writes go."""
    return f"member:{request.user.pk}"


def shown_organisation(request: Request, organisation_id: int) -> dict[str, Any]:
    """Return one organisation as its reader gets it."""
    found = organisation_for(request.user, organisation_id)
    detailed = with_details(Organisation.objects.filter(pk=found.pk)).get()
    context = {"request": request, "wanted": languages_wanted(request.user)}
    return dict(OrganisationSerializer(detailed, context=context).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="organisations",
        parameters=[*FILTERED, REGION],
    )
)
class Organisations(generics.ListAPIView[Organisation]):
    """Organisations by name."""

    permission_classes = (MembersOnly,)
    serializer_class = OrganisationSerializer
    pagination_class = Pages
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Organisation]:
        """Return the organisations that were asked for."""
        return with_details(found_organisations(self.request.user, asked_by(self.request)))

    def get_serializer_context(self) -> dict[str, Any]:
        """Say in which languages the reader likes to read."""
        context: dict[str, Any] = {**super().get_serializer_context()}
        return context | {"wanted": languages_wanted(self.request.user)}

    @extend_schema(
        operation_id="organisation_create",
        request=shape(OrganisationCreate),
        responses={201: OrganisationSerializer},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Make an organisation, which one represents: once per `Idempotency-Key`."""
        words = body_as(request, OrganisationCreate)
        done = do(request, "organisation.create", own_topic(request), words)
        return Response(shown_organisation(request, done["id"]), status=201)


class OneOrganisation(APIView):
    """One organisation."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="organisation", responses=OrganisationSerializer)
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return an organisation."""
        return Response(shown_organisation(request, organisation_id))

    @extend_schema(
        operation_id="organisation_change",
        request=shape(OrganisationWords),
        responses=OrganisationSerializer,
        parameters=[KEY],
    )
    def patch(self, request: Request, organisation_id: int) -> Response:
        """Change an organisation: once per `Idempotency-Key`, if one is sent."""
        change = body_as(request, OrganisationChange, id=organisation_id)
        do(request, "organisation.change", own_topic(request), change)
        return Response(shown_organisation(request, organisation_id))


class SectorState(msgspec.Struct, frozen=True, kw_only=True):
    """A sector or a sub-sector of the cultural and creative industries.

    Attributes:
        code: `MUS`, or `MUS.perform` for a sub-sector.
        parent: Code of the sector that a sub-sector belongs to, else empty.
        label: Its name in the reader's language.
        nace2: Classes of NACE Rev. 2.
        nace21: Classes of NACE Rev. 2.1; empty where the match was not verified.
        teilmarkt: The German Teilmarkt; may be empty.
        domains: Letters of the UNESCO FCS 2009 domains.
    """

    code: str
    parent: str
    label: str
    nace2: list[str]
    nace21: list[str]
    teilmarkt: str
    domains: list[str]


class SectorList(msgspec.Struct, frozen=True, kw_only=True):
    """All sectors, each followed by its sub-sectors."""

    count: int
    results: list[SectorState]


class Sectors(APIView):
    """The sectors of the cultural and creative industries, for everyone."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="sectors", responses=shape(SectorList))
    def get(self, request: Request) -> Response:
        """Return all sectors and sub-sectors: a closed list of 77."""
        rows = [
            SectorState(
                code=sector.code,
                parent=sector.parent,
                label=sector.label,
                nace2=list(sector.nace2),
                nace21=list(sector.nace21),
                teilmarkt=sector.teilmarkt,
                domains=list(sector.domains),
            )
            for sector in sectors().values()
        ]
        return Response(msgspec.to_builtins(SectorList(count=len(rows), results=rows)))
