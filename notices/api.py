"""REST of notifications; every write is the command that the socket has."""

import uuid

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.clock import wire_time
from base.errors import Forbidden, NotFound
from base.pagination import LARGEST_SIZE
from live.api import as_json, place_of
from live.log import epoch
from live.openapi import KEY, shape
from live.rest import body_as, do, number_of
from live.shapes import Ack
from members.access import is_member
from members.models import Member
from notices.actions.pushing import subscribe, unsubscribe
from notices.events import (
    ConfigureNotices,
    DismissNotices,
    NoticeSettings,
    NoticeShown,
    ReadNotices,
    SubscribeBrowser,
)
from notices.models import Subscription
from notices.queries import browsers, notice_page, preferences_of, settings_now, shown_one
from notices.vocabulary import PAGE_SIZE


class NoticeList(msgspec.Struct, frozen=True, kw_only=True):
    """Some of one's notices, the newest first.

    Attributes:
        epoch: Names the log of `member:<id>`.
        seq: Its last place, read before the rows: follow from here.
        before: What to ask for the next, older stretch; null at the end.
    """

    epoch: uuid.UUID
    seq: int
    results: list[NoticeShown]
    before: int | None


class NoticesView(APIView):
    """``notices/``."""

    @extend_schema(
        operation_id="notices",
        parameters=[
            OpenApiParameter("before", int, description="Only older ones than this notice."),
            OpenApiParameter("unread", bool, description="Only those that are unread."),
            OpenApiParameter("limit", int, description="At most so many, up to 200."),
        ],
        responses=shape(NoticeList),
    )
    def get(self, request: Request) -> HttpResponse:
        """``{epoch, seq, results, before}``, the newest first, in the language of the request.

        What one may no longer see is left out, so there may be fewer than asked for.
        """
        place = place_of(request.user, f"member:{request.user.pk}")
        page = notice_page(
            request.user,
            before=number_of(request, "before"),
            unread=request.query_params.get("unread", "") in {"1", "true"},
            limit=min(number_of(request, "limit") or PAGE_SIZE, LARGEST_SIZE),
        )
        return as_json(
            NoticeList(
                epoch=epoch(),
                seq=place.head.seq,
                results=[shown_one(notice, facts) for notice, facts in page.shown],
                before=page.before,
            )
        )


class ReadView(APIView):
    """``notices/read/``."""

    @extend_schema(
        operation_id="notices_read",
        request=shape(ReadNotices),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Mark notices as read, or as unread again."""
        topic = f"member:{request.user.pk}"
        return as_json(do(request, "notice.read", topic, body_as(request, ReadNotices)))


class DismissView(APIView):
    """``notices/dismiss/``."""

    @extend_schema(
        operation_id="notices_dismiss",
        request=shape(DismissNotices),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Take notices off the list."""
        topic = f"member:{request.user.pk}"
        return as_json(do(request, "notice.dismiss", topic, body_as(request, DismissNotices)))


class SettingsView(APIView):
    """``notices/settings/``."""

    @extend_schema(operation_id="notice_settings", responses=shape(NoticeSettings))
    def get(self, request: Request) -> HttpResponse:
        """What one hears of, how and when."""
        return as_json(settings_now(preferences_of(member_of(request))))

    @extend_schema(
        operation_id="notices_configure",
        request=shape(ConfigureNotices),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def patch(self, request: Request) -> HttpResponse:
        """Change what is given; the rest stays."""
        topic = f"member:{request.user.pk}"
        return as_json(do(request, "notice.configure", topic, body_as(request, ConfigureNotices)))


class BrowserRow(msgspec.Struct, frozen=True, kw_only=True):
    """A browser of one's own that takes push messages."""

    id: int
    name: str
    made_at: str


class BrowserList(msgspec.Struct, frozen=True, kw_only=True):
    """One's browsers that take push messages, at most 20."""

    results: list[BrowserRow]


class BrowsersView(APIView):
    """``notices/browsers/``."""

    @extend_schema(operation_id="notice_browsers", responses=shape(BrowserList))
    def get(self, request: Request) -> HttpResponse:
        """One's browsers that take push messages."""
        rows = browsers([member_of(request).pk])
        return as_json(BrowserList(results=[_browser(row) for row in rows]))

    @extend_schema(
        operation_id="notices_subscribe",
        request=shape(SubscribeBrowser),
        responses=shape(BrowserRow),
    )
    def post(self, request: Request) -> HttpResponse:
        """Have this browser take push messages for as long as it is signed in."""
        member = member_of(request)
        session_key = request.session.session_key if request.auth is None else None
        if session_key is None:
            raise Forbidden
        row = subscribe(
            actor=member, session_key=session_key, browser=body_as(request, SubscribeBrowser)
        )
        return as_json(_browser(row))


class BrowserView(APIView):
    """``notices/browsers/<id>/``."""

    @extend_schema(operation_id="notices_unsubscribe", responses={204: None})
    def delete(self, request: Request, subscription_id: int) -> HttpResponse:
        """Have this browser take no more push messages."""
        unsubscribe(actor=member_of(request), subscription_id=subscription_id)
        return HttpResponse(status=204)


def _browser(row: Subscription) -> BrowserRow:
    return BrowserRow(id=row.pk, name=row.name, made_at=wire_time(row.made_at))


def member_of(request: Request) -> Member:
    """The full member who asks.

    Raises:
        NotFound: a guest, who has no notices.
    """
    if not is_member(request.user):
        raise NotFound
    return request.user
