"""REST: the members one may see."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.pagination import Pages
from members.access.people import member_for
from members.api.parameters import COUNTRY, SEARCH
from members.api.permissions import MembersOnly
from members.models.organisations import Organisation
from members.models.people import Member
from members.queries.directory import listed_members
from members.queries.people import roles_of


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
