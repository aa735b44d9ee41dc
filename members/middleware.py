"""Language and time zone of a request, and the gate before an instance is set up."""

import zoneinfo
from collections.abc import Callable
from typing import cast

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from base.clock import now
from members.adapter import SEEN_SESSION_KEY
from members.models import Member, SiteSettings
from members.queries import is_first_run, site_settings

Handler = Callable[[HttpRequest], HttpResponse]


class SiteRequest(HttpRequest):
    """A request after `MemberLocale`."""

    # django-stubs gives every request the Site of an app that is not installed.
    site: SiteSettings  # type: ignore[assignment]


class MemberLocale:
    """Speaks the account's language, else the cookie's, else what the browser asks for.

    Only languages that the site offers count. Times are shown in the member's zone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request in its language and zone."""
        site = cast("SiteSettings", SimpleLazyObject(site_settings))
        cast("SiteRequest", request).site = site
        member = request.user if isinstance(request.user, Member) else None
        language = (member and member.locale) or self._asked_for(request, site)
        # Restored by the context managers: a thread serves many members one after the other.
        with translation.override(language), timezone.override(_zone(member)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response

    def _asked_for(self, request: HttpRequest, site: SiteSettings) -> str:
        asked = translation.get_language_from_request(request)
        offered = site.languages
        if not offered or asked in offered:
            return asked
        return "en" if "en" in offered else offered[0]


def _zone(member: Member | None) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(member.time_zone if member else "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        # Zones are renamed now and then; an account must not break over it.
        return zoneinfo.ZoneInfo("UTC")


class SeenSession:
    """Notes for the list of one's sessions when each was last used, every five minutes at most."""

    EVERY_S = 300

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a session without the mark was not made by signing in."""
        moment = int(now().timestamp())
        seen = request.session.get(SEEN_SESSION_KEY) if request.user.is_authenticated else None
        if seen is not None and moment - seen > self.EVERY_S:
            request.session[SEEN_SESSION_KEY] = moment
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


class FirstRun:
    """Sends every page to the first-run page until the instance is set up.

    Programs get their own answers (REST, socket, health), and what the page needs stays open.
    """

    OPEN = ("/setup/", "/static/", "/media/", "/i18n/", "/theme/", "/settings/language/", "/api/",
            "/live/", "/healthz", "/readyz", "/metrics")  # fmt: skip

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.is_set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or send it to `/setup/`."""
        if not self.is_set_up and not request.path.startswith(self.OPEN):
            if is_first_run():
                return redirect("members:setup")
            # An instance never becomes new again; from here on this costs nothing.
            self.is_set_up = True
        return self.get_response(request)
