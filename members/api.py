"""REST: one's own account, the members one may see, organisations."""

from typing import cast

import msgspec
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.errors import Invalid, KeyMissing
from base.ids import parse_key
from base.pagination import Pages
from live.openapi import KEY, shape
from live.units import perform
from members.access import is_member, member_for, organisation_for
from members.events import Card, ProfileChange
from members.models import Member, Organisation
from members.queries import listed_members, listed_organisations, member_card, roles_of

SEARCH = OpenApiParameter("search", str, description="Words that must all stand in the name.")
KIND = OpenApiParameter("kind", str, description="The organisation's kind.")
COUNTRY = OpenApiParameter("country", str, description="ISO 3166-1 alpha-2.")


class MembersOnly(BasePermission):
    """Lets full members in, and neither guests nor strangers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the actor is a full member."""
        return is_member(request.user)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One's own account.

    Attributes:
        card: What others see beside what one writes.
        languages: BCP 47, the best known first.
        time_zone: IANA name.
        locale: Interface language; empty follows the browser.
        kind: `member` or `guest`.
        roles: `moderator` and `staff`, where they apply.
    """

    id: int
    name: str
    email: str
    card: Card
    languages: list[str]
    time_zone: str
    locale: str
    kind: str
    roles: list[str]


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation."""

    class Meta:
        model = Organisation
        fields = ("id", "name", "country", "kind", "town", "website", "description")


class OrganisationBriefSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation as a member's page names it."""

    class Meta:
        model = Organisation
        fields = ("id", "name", "country", "kind", "town")


class MemberSerializer(serializers.ModelSerializer[Member]):
    """A member as other members see them."""

    organisation = OrganisationBriefSerializer(allow_null=True)
    languages = serializers.ListField(child=serializers.CharField())
    roles = serializers.SerializerMethodField()

    class Meta:
        model = Member
        fields = (
            "id", "name", "organisation", "country", "languages", "time_zone", "roles", "joined_at",
        )  # fmt: skip

    def get_roles(self, member: Member) -> list[str]:
        """Return `moderator` and `staff`, where they apply."""
        return roles_of(member)


def _signed_in(request: Request) -> Member:
    """Return the member who asks; permissions let nobody else through."""
    return cast("Member", request.user)


class Me(APIView):
    """One's own account."""

    @extend_schema(operation_id="me", responses=shape(Account))
    def get(self, request: Request) -> Response:
        """Return one's own account; 401 or 403 where nobody is signed in."""
        member = _signed_in(request)
        account = Account(
            id=member.pk,
            name=member.name,
            email=member.email,
            card=Card(**member_card(member)),
            languages=list(member.languages),
            time_zone=member.time_zone,
            locale=member.locale,
            kind=member.kind,
            roles=roles_of(member),
        )
        return Response(msgspec.to_builtins(account))

    @extend_schema(
        operation_id="me_change",
        request=shape(ProfileChange),
        responses=shape(Account),
        parameters=[KEY],
    )
    def patch(self, request: Request) -> Response:
        """Change one's own account: once per `Idempotency-Key`, if one is sent."""
        header = request.headers.get("Idempotency-Key")
        key = parse_key(header)
        if header and key is None:
            raise KeyMissing
        try:
            change = msgspec.convert(request.data, ProfileChange)
        except msgspec.ValidationError as error:
            raise Invalid(detail=str(error)) from error
        member = _signed_in(request)
        perform(
            actor=member,
            key=key,
            cmd="profile.change",
            topic=f"member:{member.pk}",
            data=change,
        )
        request.user = Member.objects.select_related("organisation").get(pk=member.pk)
        return self.get(request)


@extend_schema_view(get=extend_schema(operation_id="members", parameters=[SEARCH, COUNTRY]))
class Members(generics.ListAPIView[Member]):
    """Members by name."""

    permission_classes = (MembersOnly,)
    serializer_class = MemberSerializer
    pagination_class = Pages
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Member]:
        """Return the members that the actor may see and asked for."""
        asked = self.request.query_params
        return listed_members(
            self.request.user, search=asked.get("search", ""), country=asked.get("country", "")
        )


class OneMember(APIView):
    """One member."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="member", responses=MemberSerializer)
    def get(self, request: Request, member_id: int) -> Response:
        """Return a member that the actor may see."""
        return Response(MemberSerializer(member_for(request.user, member_id)).data)


@extend_schema_view(
    get=extend_schema(operation_id="organisations", parameters=[SEARCH, COUNTRY, KIND])
)
class Organisations(generics.ListAPIView[Organisation]):
    """Organisations by name."""

    permission_classes = (MembersOnly,)
    serializer_class = OrganisationSerializer
    pagination_class = Pages
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Organisation]:
        """Return the organisations that were asked for."""
        asked = self.request.query_params
        found = listed_organisations(
            search=asked.get("search", ""), country=asked.get("country", "")
        )
        return found.filter(kind=asked["kind"]) if asked.get("kind") else found


class OneOrganisation(APIView):
    """One organisation."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="organisation", responses=OrganisationSerializer)
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return an organisation."""
        found = organisation_for(request.user, organisation_id)
        return Response(OrganisationSerializer(found).data)
