"""REST: who may do what for an organisation."""

import msgspec
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.pagination import Pages
from live.openapi import KEY, shape
from live.rest import body_as, do
from live.shapes import Ack
from members.access.organisations import organisation_for
from members.api.organisations import own_topic
from members.api.permissions import MembersOnly
from members.events import Card, RoleAsk, RoleEnd, RoleGrant
from members.models.organisations import Appointment, AppointmentQuerySet
from members.queries.cards import member_card
from members.queries.roles import appointments_shown
from members.vocabulary import OrganisationRole


class RoleWish(msgspec.Struct, frozen=True, kw_only=True):
    """The role that one asks for: `representative` or `editor`."""

    role: str


class RoleSerializer(serializers.ModelSerializer[Appointment]):
    """A member's role in an organisation."""

    member = serializers.SerializerMethodField()
    role = serializers.ChoiceField(OrganisationRole.choices)
    granted = serializers.SerializerMethodField()

    class Meta:
        model = Appointment
        fields = ("member", "role", "granted", "asked_at", "granted_at")

    @extend_schema_field(shape(Card))
    def get_member(self, row: Appointment) -> dict[str, object]:
        """Return the member's card."""
        return dict(member_card(row.member))

    def get_granted(self, row: Appointment) -> bool:
        """Return whether the role counts; false while it is only asked for."""
        return row.granted_at is not None


@extend_schema_view(get=extend_schema(operation_id="organisation_roles"))
class Roles(generics.ListAPIView[Appointment]):
    """Roles in an organisation; those that are only asked for are shown to who decides."""

    permission_classes = (MembersOnly,)
    serializer_class = RoleSerializer
    pagination_class = Pages
    filter_backends = ()
    queryset = Appointment.objects.none()

    def get_queryset(self) -> AppointmentQuerySet:
        """Return the roles that the actor may see, by the members' names."""
        found = organisation_for(self.request.user, self.kwargs["organisation_id"])
        return appointments_shown(self.request.user, found)

    @extend_schema(
        operation_id="role_ask", request=shape(RoleWish), responses=shape(Ack), parameters=[KEY]
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        """Ask for a role oneself."""
        wish = body_as(request, RoleWish)
        data = RoleAsk(organisation=organisation_id, role=wish.role)
        return Response(do(request, "role.ask", own_topic(request), data))


class OneRole(APIView):
    """One member's role in an organisation."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="role_grant", request=shape(RoleWish), responses=shape(Ack), parameters=[KEY]
    )
    def put(self, request: Request, organisation_id: int, member_id: int) -> Response:
        """Give a member a role, for whoever represents the organisation."""
        wish = body_as(request, RoleWish)
        data = RoleGrant(organisation=organisation_id, member=member_id, role=wish.role)
        return Response(do(request, "role.grant", own_topic(request), data))

    @extend_schema(operation_id="role_end", responses=shape(Ack), parameters=[KEY])
    def delete(self, request: Request, organisation_id: int, member_id: int) -> Response:
        """End a role or the wish for one: one's own, or for whoever represents it anybody's."""
        data = RoleEnd(organisation=organisation_id, member=member_id)
        return Response(do(request, "role.end", own_topic(request), data))
