"""One's own security: what protects the account, where one is signed in, what happened lately."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as social_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Conflict, NotFound
from members.actions.security import end_sessions, note, restore_address
from members.adapter import browser_of
from members.links import read_restore_token
from members.pages.actor import actor_of
from members.queries.security import (
    browser_name,
    member_to_restore,
    own_sessions,
    recent_activity,
)
from members.vocabulary import SecurityKind

PAGE_SIZE = 50
SHOWN = 5


@login_required
@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What protects the account, and where to change it."""
    member = actor_of(request)
    types = list(Authenticator.objects.filter(user=member).values_list("type", flat=True))
    values = {
        "has_app": Authenticator.Type.TOTP in types,
        "passkeys": types.count(Authenticator.Type.WEBAUTHN),
        "sessions": len(own_sessions(member, request.session.session_key)),
        "activity": shown_activity(recent_activity(member)[:SHOWN]),
        "providers": social_adapter().list_providers(request),
    }
    return render(request, "members/security.html", values)


@login_required
@never_cache
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """Everything that happened to the account's security in the last months, newest first."""
    rows = recent_activity(actor_of(request))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    values = {"page": page, "activity": shown_activity(page.object_list)}
    return render(request, "members/activity.html", values)


def shown_activity(rows: object) -> list[dict[str, object]]:
    """Events with what the browser is called."""
    return [{"row": row, "browser": browser_name(row.agent)} for row in rows]  # type: ignore[attr-defined]


@login_required
@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    found = own_sessions(actor_of(request), request.session.session_key)
    return render(request, "members/sessions.html", {"sessions": found})


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out in one other browser; its live pages close within seconds."""
    member = actor_of(request)
    found = UserSession.objects.filter(pk=session_id, user=member)
    if not end_sessions(member=member, sessions=found):
        raise NotFound
    note(member=member, kind=SecurityKind.SESSION_ENDED, browser=browser_of(request))
    messages.success(request, _("That browser is signed out."))
    return redirect("members:sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    member = actor_of(request)
    others = UserSession.objects.filter(user=member).exclude(
        session_key=request.session.session_key
    )
    ended = end_sessions(member=member, sessions=others)
    if ended:
        note(member=member, kind=SecurityKind.SESSION_ENDED, browser=browser_of(request))
    text = ngettext(
        "%(number)d browser is signed out.", "%(number)d browsers are signed out.", ended
    )
    messages.success(request, text % {"number": ended})
    return redirect("members:sessions")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, token: str) -> HttpResponse:
    """Take a change of address back, for whoever opens the link that the old address got."""
    found = read_restore_token(token)
    member = member_to_restore(found) if found else None
    if found is None or member is None:
        return render(request, "members/restore_over.html", status=410)
    if request.method != "POST":
        return render(request, "members/restore.html", {"email": found.email})
    try:
        restore_address(member=member, wanted=found, browser=browser_of(request))
    except Conflict as refusal:
        messages.error(request, str(refusal.detail))
        return render(request, "members/restore_over.html", status=409)
    messages.success(request, _("Your address is restored. Now set a new password."))
    return redirect("account_reset_password")
