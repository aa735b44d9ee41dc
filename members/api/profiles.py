"""REST: one's own account."""

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.errors import KeyMissing
from base.ids import parse_key
from live.openapi import KEY, shape
from live.performing import perform
from live.problems import fit
from members.api.permissions import signed_in
from members.events import Card, Details, ProfileChange
from members.models.people import Member
from members.queries.cards import member_card
from members.queries.people import roles_of
from members.queries.profiles import details_of


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One's own account.

    Attributes:
        card: What others see beside what one writes.
        languages: BCP 47, the best known first.
        time_zone: IANA name.
        locale: Interface language; empty follows the browser.
        details: What else one's profile says, and who sees it.
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
    details: Details
    kind: str
    roles: list[str]


class Me(APIView):
    """One's own account."""

    @extend_schema(operation_id="me", responses=shape(Account))
    def get(self, request: Request) -> Response:
        """Return one's own account; 401 or 403 where nobody is signed in."""
        member = signed_in(request)
        account = Account(
            id=member.pk,
            name=member.name,
            email=member.email,
            card=Card(**member_card(member)),
            languages=list(member.languages),
            time_zone=member.time_zone,
            locale=member.locale,
            details=details_of(member),
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
        change = fit(request.data, ProfileChange)
        member = signed_in(request)
        perform(
            actor=member,
            key=key,
            cmd="profile.change",
            topic=f"member:{member.pk}",
            data=change,
        )
        request.user = Member.objects.select_related("organisation").get(pk=member.pk)
        return self.get(request)
