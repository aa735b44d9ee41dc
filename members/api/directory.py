"""REST: people of the directory, as far as one may see them, and the directory's filters."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.clock import wire_time
from base.pagination import Pages
from live.openapi import shape
from live.rest import PAGED
from members.api.parameters import FILTERED, asked_by
from members.api.permissions import MembersOnly
from members.events import ProfileLink, WorkingHours
from members.models.people import Member
from members.queries.directory import (
    Facet,
    found_members,
    member_facets,
    organisation_facets,
)
from members.queries.profiles import ShownProfile, profile_of, profiles_for


class OrganisationBrief(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation as a member's page names it."""

    id: int
    name: str
    country: str
    kind: str
    town: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A member as far as the reader may see: what is hidden looks as if it were not said.

    Attributes:
        country: ISO 3166-1 alpha-2, or "".
        languages: BCP 47, the best known first.
        levels: How well, by tag: `native`, `C2` to `A1`; unknown left out.
        time_zone: IANA name, or "".
        picture: Address of the picture, "" without one.
        sectors: Codes that the member is interested in.
        roles: `moderator` and `staff`, where they apply.
    """

    id: int
    name: str
    organisation: OrganisationBrief | None
    country: str
    languages: list[str]
    levels: dict[str, str]
    time_zone: str
    roles: list[str]
    joined_at: str | None
    pronouns: str
    picture: str
    working_hours: WorkingHours | None
    interests: str
    sectors: list[str]
    about: str
    links: list[ProfileLink]


class PersonPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of people; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[Person]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of a filter, and how many it would find under all other filters."""

    value: str
    label: str
    total: int


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """A filter with its choices; sub-sectors are listed where their sector is asked for."""

    name: str
    options: list[Choice]


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    """Every filter of a list."""

    facets: list[Choices]


def person(shown: ShownProfile) -> Person:
    """Return a profile as REST says it. No query."""
    house = shown.organisation
    return Person(
        id=shown.id,
        name=shown.name,
        organisation=OrganisationBrief(
            id=house.pk, name=house.name, country=house.country, kind=house.kind, town=house.town
        )
        if house
        else None,
        country=shown.country,
        languages=shown.languages,
        levels=shown.levels,
        time_zone=shown.time_zone,
        roles=shown.roles,
        joined_at=wire_time(shown.joined_at) if shown.joined_at else None,
        pronouns=shown.pronouns,
        picture=shown.picture,
        working_hours=shown.working_hours,
        interests=shown.interests,
        sectors=shown.sectors,
        about=shown.about,
        links=shown.links,
    )


class _NoForm(serializers.Serializer[Any]):
    """Rows are structs; the framework asks for a serializer all the same."""


class Members(generics.GenericAPIView[Member]):
    """People of the directory by name."""

    permission_classes = (MembersOnly,)
    pagination_class = Pages
    serializer_class = _NoForm
    filter_backends = ()

    @extend_schema(
        operation_id="members", parameters=[*FILTERED, *PAGED], responses=shape(PersonPage)
    )
    def get(self, request: Request) -> Response:
        """Return those who were asked for."""
        found = found_members(request.user, asked_by(request))
        page: list[Member] = list(self.paginate_queryset(found) or [])
        shown = profiles_for(request.user, page)
        return self.get_paginated_response([msgspec.to_builtins(person(each)) for each in shown])


class OneMember(APIView):
    """One member."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="member", responses=shape(Person))
    def get(self, request: Request, member_id: int) -> Response:
        """Return a member that the actor may see."""
        return Response(msgspec.to_builtins(person(profile_of(request.user, member_id))))


def _said(facets: list[Facet]) -> Response:
    """Return filters as REST says them."""
    said = [
        Choices(
            name=facet.name,
            options=[
                Choice(value=each.value, label=each.label, total=each.total)
                for each in facet.options
            ],
        )
        for facet in facets
    ]
    return Response(msgspec.to_builtins(Facets(facets=said)))


class MemberFacets(APIView):
    """The filters of people."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="members_facets", parameters=FILTERED, responses=shape(Facets))
    def get(self, request: Request) -> Response:
        """Return each filter's choices and how many they would find."""
        return _said(member_facets(request.user, asked_by(request)).facets)


class OrganisationFacets(APIView):
    """The filters of organisations."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="organisations_facets", parameters=FILTERED, responses=shape(Facets)
    )
    def get(self, request: Request) -> Response:
        """Return each filter's choices and how many they would find."""
        return _said(organisation_facets(request.user, asked_by(request)).facets)
