"""REST: inviting organisations into a portfolio by a file."""

import msgspec
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
from members.access.organisations import portfolio_for
from members.actions.portfolio import invite_into_portfolio, withdraw_portfolio_invitation
from members.adapter import on_site
from members.api.permissions import MembersOnly, signed_in
from members.models.portfolio import PortfolioInvitation
from members.portfolio_csv import read_invited
from members.queries.accompaniments import open_portfolio_invitations


class InvitedState(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that was invited and has not answered.

    Attributes:
        language: In which the mail is written; empty for the site's own.
        mailed_at: ISO 8601, UTC; null until the mail has left.
        expires_at: ISO 8601, UTC.
    """

    id: int
    name: str
    country: str
    town: str
    kind: str
    language: str
    email: str
    mailed_at: str | None
    expires_at: str


class InvitedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of organisations that were invited, the newest first."""

    count: int
    next: str | None
    previous: str | None
    results: list[InvitedState]


class InvitedFile(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to invite.

    Attributes:
        csv: The text of a CSV file. The first line names the columns: `name`, `country`, `email`
            and, if wanted, `town`, `kind`, `language`; at most 200 lines, all taken or none.
    """

    csv: str


class InvitedNow(msgspec.Struct, frozen=True, kw_only=True):
    """How many invitations are on their way."""

    invited: int


def _state(row: PortfolioInvitation) -> InvitedState:
    return InvitedState(
        id=row.pk,
        name=row.name,
        country=row.country,
        town=row.town,
        kind=row.kind,
        language=row.language,
        email=row.invitation.email,
        mailed_at=wire_time(row.mailed_at) if row.mailed_at else None,
        expires_at=wire_time(row.invitation.expires_at),
    )


class PortfolioInvitations(APIView):
    """Invitations into an intermediary's portfolio."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="portfolio_invitations", parameters=PAGED, responses=shape(InvitedPage)
    )
    def get(self, request: Request, organisation_id: int) -> Response:
        """Return those that wait for an answer; for its own people."""
        intermediary = portfolio_for(request.user, organisation_id)
        pages = Pages()
        found = open_portfolio_invitations(intermediary)
        rows = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(msgspec.to_builtins([_state(row) for row in rows]))

    @extend_schema(
        operation_id="portfolio_invite",
        request=shape(InvitedFile),
        responses={201: shape(InvitedNow), 200: repeated(InvitedNow)},
        parameters=[KEY],
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        """Invite by a file, for whoever represents the intermediary; mails leave at once."""
        intermediary = portfolio_for(request.user, organisation_id)
        # What is no Unicode is told as a wrong file, not as a fault.
        file = body_as(request, InvitedFile)
        invited, wrong = read_invited(file.csv.encode(errors="surrogatepass"))
        if wrong:
            raise Invalid(code="portfolio.file", fields={"csv": wrong})

        def invite() -> dict[str, int]:
            made = invite_into_portfolio(
                actor=signed_in(request),
                intermediary_id=intermediary.pk,
                invited=invited,
                site_at=on_site(request.build_absolute_uri("/")),
            )
            return {"invited": len(made)}

        reply, is_repeated = once(request, f"portfolio_invite {intermediary.pk}", file, invite)
        return Response(reply, status=200 if is_repeated else 201)


class OnePortfolioInvitation(APIView):
    """One invitation into a portfolio."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="portfolio_withdraw", request=None, responses={204: None})
    def delete(self, request: Request, organisation_id: int, invitation_id: int) -> Response:
        """Take it back before it is answered."""
        withdraw_portfolio_invitation(
            actor=signed_in(request),
            intermediary_id=organisation_id,
            invitation_id=invitation_id,
        )
        return Response(status=204)
