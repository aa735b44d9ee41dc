"""One's own settings: profile, language, access tokens."""

from typing import Any
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

from base.errors import Invalid
from base.ids import new_key, parse_key
from base.languages import SITE_LANGUAGES
from live.credentials import create_token, revoke_token
from live.units import perform
from members.access import token_for
from members.events import ProfileChange
from members.forms import SettingsForm, TokenForm
from members.models import Member
from members.pages.actor import actor_of
from members.queries import interface_languages, own_tokens, site_settings

LANGUAGE_COOKIE_AGE_S = 365 * 24 * 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Change one's profile and the language of the site."""
    member = actor_of(request)
    languages = interface_languages(site_settings())
    if request.method != "POST":
        form = SettingsForm(initial=_profile_values(member), languages=languages)
        return _account_page(request, form)
    form = SettingsForm(request.POST, languages=languages)
    if form.is_valid():
        change = ProfileChange(**form.cleaned_data)
        try:
            perform(
                actor=member,
                key=parse_key(request.POST.get("key")),
                cmd="profile.change",
                topic=f"member:{member.pk}",
                data=change,
            )
        except Invalid as refusal:
            for field, problems in refusal.fields.items():
                form.add_error(field, [str(problem) for problem in problems])
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("members:account")
    return _account_page(request, form, status=422)


def _account_page(request: HttpRequest, form: SettingsForm, status: int = 200) -> HttpResponse:
    return render(request, "members/account.html", {"form": form, "key": new_key()}, status=status)


def _profile_values(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "organisation": member.organisation.name if member.organisation else "",
        "country": member.country,
        "languages": [tag for tag in member.languages if tag in SITE_LANGUAGES],
        "further_languages": [tag for tag in member.languages if tag not in SITE_LANGUAGES],
        "time_zone": member.time_zone,
        "locale": member.locale,
    }


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language: in the account of a member, and in a cookie for everybody."""
    chosen = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = redirect(urlsplit(target)._replace(scheme="", netloc="").geturl() or "/")
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
def tokens(request: HttpRequest) -> HttpResponse:
    """One's access tokens; a new one is shown once, on the page that made it."""
    member = actor_of(request)
    form, made = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        made = create_token(member=member, name=form.cleaned_data["name"])
        form = TokenForm()
    values = {"form": form, "made": made, "tokens": own_tokens(member)}
    status = 422 if form.errors else 200
    return render(request, "members/tokens.html", values, status=status)


@login_required
@require_POST
def revoke_own_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's tokens; sockets that it opened close."""
    revoke_token(token_for(actor_of(request), token_id))
    messages.success(request, _("The token is revoked."))
    return redirect("members:tokens")
