"""REST: where one is signed in, and signing out there."""

import msgspec
from allauth.usersessions.models import UserSession
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.clock import wire_time
from base.errors import NotFound
from base.pagination import Pages
from live.openapi import shape
from live.rest import PAGED
from members.actions.security import end_sessions, note
from members.adapter import browser_of
from members.api.permissions import signed_in
from members.queries.security import OwnSession, own_sessions
from members.vocabulary import SecurityKind


class SessionState(msgspec.Struct, frozen=True, kw_only=True):
    """A browser in which one is signed in.

    Attributes:
        browser: Browser and system, such as "Firefox, Windows"; empty where it says neither.
        ip: From where it was used last.
        signed_in_at: ISO 8601, UTC.
        seen_at: ISO 8601, UTC; exact to five minutes.
        is_current: Whether the call itself comes from there.
    """

    id: int
    browser: str
    ip: str
    signed_in_at: str
    seen_at: str
    is_current: bool


class SessionPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of one's sessions: this one first, then the last used."""

    count: int
    next: str | None
    previous: str | None
    results: list[SessionState]


class SessionsEnded(msgspec.Struct, frozen=True, kw_only=True):
    """How many browsers were signed out."""

    ended: int


def _state(row: OwnSession) -> SessionState:
    return SessionState(
        id=row.id,
        browser=row.browser,
        ip=row.ip,
        signed_in_at=wire_time(row.signed_in_at),
        seen_at=wire_time(row.seen_at),
        is_current=row.is_current,
    )


class Sessions(APIView):
    """Where one is signed in."""

    @extend_schema(operation_id="me_sessions", parameters=PAGED, responses=shape(SessionPage))
    def get(self, request: Request) -> Response:
        """Return one's sessions."""
        found = own_sessions(signed_in(request), request.session.session_key)
        pages = Pages()
        rows = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(msgspec.to_builtins([_state(row) for row in rows]))

    @extend_schema(operation_id="me_sessions_end", request=None, responses=shape(SessionsEnded))
    def delete(self, request: Request) -> Response:
        """Sign out everywhere but where the call comes from; by a token: everywhere."""
        member = signed_in(request)
        others = UserSession.objects.filter(user=member).exclude(
            session_key=request.session.session_key or ""
        )
        ended = end_sessions(member=member, sessions=others)
        if ended:
            note(member=member, kind=SecurityKind.SESSION_ENDED, browser=browser_of(request))
        return Response(msgspec.to_builtins(SessionsEnded(ended=ended)))


class OneSession(APIView):
    """One of one's sessions."""

    @extend_schema(operation_id="me_session_end", request=None, responses={204: None})
    def delete(self, request: Request, session_id: int) -> Response:
        """Sign out there; its live sockets close within two seconds."""
        member = signed_in(request)
        found = UserSession.objects.filter(pk=session_id, user=member)
        if not end_sessions(member=member, sessions=found):
            raise NotFound
        note(member=member, kind=SecurityKind.SESSION_ENDED, browser=browser_of(request))
        return Response(status=204)
