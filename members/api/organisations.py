"""REST: organisations."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.pagination import Pages
from members.access.organisations import organisation_for
from members.api.parameters import COUNTRY, KIND, SEARCH
from members.api.permissions import MembersOnly
from members.models.organisations import Organisation
from members.queries.organisations import listed_organisations


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation."""

    class Meta:
        model = Organisation
        fields = ("id", "name", "country", "kind", "town", "website", "description")


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
