"""REST: invitations, by organisers and staff."""

from datetime import timedelta

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.clock import wire_time
from base.errors import Invalid
from base.pagination import Pages
from live.once import once
from live.openapi import KEY, repeated, shape
from live.rest import PAGED, body_as
from members.access import invitation_for, require_inviter
from members.actions import invite, withdraw_invitation
from members.adapter import absolute
from members.api.permissions import signed_in
from members.links import invitation_token
from members.models.invitations import Invitation
from members.queries import open_invitations
from members.rules import INVITATION_LASTS, INVITATION_LONGEST, MOST_INVITED
from members.vocabulary import Role

EMAIL_LENGTH = 254


class InvitationState(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation.

    Attributes:
        email: Who alone may use it; empty for whoever has the link.
        role: What it makes of who comes by it.
        expires_at: ISO 8601, UTC.
        link: Only in the answer that made it, and to the same key again: it cannot be read.
    """

    id: int
    email: str
    role: str
    created_at: str
    expires_at: str
    most_uses: int
    uses: int
    link: str | msgspec.UnsetType = msgspec.UNSET


class InvitationPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of invitations that still let somebody in, the newest first."""

    count: int
    next: str | None
    previous: str | None
    results: list[InvitationState]


class InvitationWish(msgspec.Struct, frozen=True, kw_only=True):
    """A new invitation.

    Attributes:
        email: With an address nobody else can use it, and it is for one.
        role: One that is yours to give.
        days: How long it works, 1 to 90.
        most_uses: For how many people, 1 to 500.
    """

    email: str = ""
    role: str = Role.MEMBER.value
    days: int = INVITATION_LASTS.days
    most_uses: int = 1


def _state(row: Invitation, link: str | msgspec.UnsetType = msgspec.UNSET) -> InvitationState:
    return InvitationState(
        id=row.pk,
        email=row.email,
        role=row.role,
        created_at=wire_time(row.created_at),
        expires_at=wire_time(row.expires_at),
        most_uses=row.most_uses,
        uses=row.uses,
        link=link,
    )


def _wrong(wish: InvitationWish) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    try:
        if wish.email:
            validate_email(wish.email)
    except ValidationError as error:
        wrong["email"] = error.messages
    if len(wish.email) > EMAIL_LENGTH:
        wrong["email"] = [_("This address is too long.")]
    if wish.role not in Role.values:
        wrong["role"] = [_("This role does not exist.")]
    for name, most in (("days", INVITATION_LONGEST.days), ("most_uses", MOST_INVITED)):
        if not 1 <= getattr(wish, name) <= most:
            wrong[name] = [_("A number from 1 to %(most)d is needed.") % {"most": most}]
    return wrong


class Invitations(APIView):
    """Invitations to the site."""

    @extend_schema(operation_id="invitations", parameters=PAGED, responses=shape(InvitationPage))
    def get(self, request: Request) -> Response:
        """Return those that one made; to staff everybody's."""
        actor = signed_in(request)
        require_inviter(actor)
        pages = Pages()
        rows = pages.paginate_queryset(open_invitations(actor), request, view=self) or []
        return pages.get_paginated_response(msgspec.to_builtins([_state(row) for row in rows]))

    @extend_schema(
        operation_id="invitation_make",
        request=shape(InvitationWish),
        responses={201: shape(InvitationState), 200: repeated(InvitationState)},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Make an invitation; its link is said here alone."""
        wish = body_as(request, InvitationWish)
        if wrong := _wrong(wish):
            raise Invalid(fields=wrong)
        actor = signed_in(request)

        def make() -> dict[str, int]:
            made, _token = invite(
                actor=actor,
                email=wish.email,
                role=wish.role,
                lasts=timedelta(days=wish.days),
                most_uses=wish.most_uses,
            )
            return {"id": made.pk}

        reply, is_repeated = once(request, "invitation_make", wish, make)
        row = invitation_for(actor, reply["id"])
        link = absolute(request, "members:invitation", invitation_token(row.pk))
        return Response(msgspec.to_builtins(_state(row, link)), status=200 if is_repeated else 201)


class OneInvitation(APIView):
    """One invitation."""

    @extend_schema(operation_id="invitation_withdraw", request=None, responses={204: None})
    def delete(self, request: Request, invitation_id: int) -> Response:
        """Make it worthless."""
        actor = signed_in(request)
        withdraw_invitation(actor=actor, invitation=invitation_for(actor, invitation_id))
        return Response(status=204)
