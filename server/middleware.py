"""What every HTTP request passes: its log line, the content security policy, refusals as pages."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from base.errors import Refusal

Handler = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("server.requests")
# Parts of addresses, by their names in urls.py: ours and allauth's.
SECRETS = frozenset({"token", "key"})

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class RequestLog:
    """Writes one line per request; quiet for health checks and static files."""

    QUIET = ("/static/", "/healthz", "/readyz", "/metrics")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and log method, path, status, member and duration."""
        started = time.perf_counter()
        response = self.get_response(request)
        if not request.path.startswith(self.QUIET):
            user = getattr(request, "user", None)
            log.info(
                "request",
                method=request.method,
                path=_loggable_path(request),
                status=response.status_code,
                member=getattr(user, "pk", None),
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
        return response


def _loggable_path(request: HttpRequest) -> str:
    """The path without what lets in whoever knows it: invitations, links that mails hold."""
    path = request.path
    found = request.resolver_match
    for name, value in found.kwargs.items() if found else ():
        if name in SECRETS:
            path = path.replace(value, "…")
    return path


class ContentSecurityPolicy:
    """Sets the strict policy: nothing from another origin, no inline script or style."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the policy's headers unless the view has set its own."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "geolocation=(), payment=(), usb=(), browsing-topics=()"
        )
        return response


class Refusals:
    """Turns a refusal that a page let through into a page with its status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; exceptions are handled below."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; None for anything else."""
        if not isinstance(exception, Refusal):
            return None
        return render(request, "refusal.html", {"refusal": exception}, status=exception.status)
