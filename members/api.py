"""REST: one's own account, the members one may see, organisations."""

from typing import Any, cast

import msgspec
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.errors import Invalid, KeyMissing
from base.ids import parse_key
from base.pagination import Pages
from live.units import perform
from members.access import is_member, member_for, organisation_for
from members.events import ProfileChange
from members.models import Member, Organisation
from members.queries import listed_members, listed_organisations, member_card, roles_of

SEARCH = OpenApiParameter("search", str, description="Words that must all stand in the name.")
COUNTRY = OpenApiParameter("country", str, description="ISO 3166-1 alpha-2.")


class MembersOnly(BasePermission):
    """Lets full members in, and neither guests nor strangers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the actor is a full member."""
        return is_member(request.user)


class CardSerializer(serializers.Serializer[Any]):
    """How a member is named wherever something is theirs."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    organisation = serializers.CharField(help_text="A name, or empty.", allow_blank=True)
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2, or empty.", allow_blank=True)


class MeSerializer(serializers.Serializer[Any]):
    """One's own account."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    card = CardSerializer()
    languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47.")
    time_zone = serializers.CharField(help_text="IANA name.")
    locale = serializers.CharField(help_text="Interface language; empty follows the browser.")
    kind = serializers.CharField(help_text="`member` or `guest`.")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=("moderator", "staff")))


class MeChangeSerializer(serializers.Serializer[Any]):
    """What one may change of one's own account; fields left out stay."""

    name = serializers.CharField(required=False)
    organisation = serializers.CharField(required=False, allow_blank=True)
    country = serializers.CharField(required=False)
    languages = serializers.ListField(child=serializers.CharField(), required=False)
    time_zone = serializers.CharField(required=False)
    locale = serializers.CharField(required=False, allow_blank=True)


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

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Return one's own account; 401 or 403 where nobody is signed in."""
        member = _signed_in(request)
        return Response(
            {
                "id": member.pk,
                "name": member.name,
                "email": member.email,
                "card": member_card(member),
                "languages": member.languages,
                "time_zone": member.time_zone,
                "locale": member.locale,
                "kind": member.kind,
                "roles": roles_of(member),
            }
        )

    @extend_schema(request=MeChangeSerializer, responses=MeSerializer)
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


@extend_schema(parameters=[SEARCH, COUNTRY])
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

    @extend_schema(responses=MemberSerializer)
    def get(self, request: Request, member_id: int) -> Response:
        """Return a member that the actor may see."""
        return Response(MemberSerializer(member_for(request.user, member_id)).data)


@extend_schema(parameters=[SEARCH, COUNTRY, OpenApiParameter("kind", str)])
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

    @extend_schema(responses=OrganisationSerializer)
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return an organisation."""
        found = organisation_for(request.user, organisation_id)
        return Response(OrganisationSerializer(found).data)
