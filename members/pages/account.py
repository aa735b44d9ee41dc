"""One's own settings: language of the site, access tokens."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from live.credentials import create_token, revoke_token
from live.performing import perform
from members.access import token_for
from members.actions.security import note
from members.adapter import browser_of
from members.events import ProfileChange
from members.forms import TokenForm
from members.models import Member
from members.pages.actor import actor_of, sure_to_change
from members.queries import interface_languages, own_tokens, site_settings
from members.vocabulary import SecurityKind

LANGUAGE_COOKIE_AGE_S = 365 * 24 * 3600


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language: in the account of a member, and in a cookie for everybody."""
    chosen = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    parts = urlsplit(target)
    # A path that begins with two slashes would name another site.
    path = f"/{parts.path.lstrip('/')}"
    response = redirect(parts._replace(scheme="", netloc="", path=path).geturl())
    if chosen not in dict(interface_languages(site_settings())):
        return response
    if isinstance(request.user, Member):
        perform(
            actor=request.user,
            key=None,
            cmd="profile.change",
            topic=f"member:{request.user.pk}",
            data=ProfileChange(locale=chosen),
        )
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=LANGUAGE_COOKIE_AGE_S,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sure_to_change
def tokens(request: HttpRequest) -> HttpResponse:
    """One's access tokens; a new one is shown once, on the page that made it."""
    member = actor_of(request)
    form, made = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        made = create_token(member=member, **form.cleaned_data)
        note(member=member, kind=SecurityKind.TOKEN_MADE, browser=browser_of(request))
        form = TokenForm()
    values = {"form": form, "made": made, "tokens": own_tokens(member)}
    status = 422 if form.errors else 200
    return render(request, "members/tokens.html", values, status=status)


@login_required
@require_POST
def revoke_own_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's tokens; sockets that it opened close."""
    member = actor_of(request)
    revoke_token(token_for(member, token_id))
    note(member=member, kind=SecurityKind.TOKEN_REVOKED, browser=browser_of(request))
    messages.success(request, _("The token is revoked."))
    return redirect("members:tokens")
