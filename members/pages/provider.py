"""The way to a provider that vouches for accounts (OpenID Connect)."""

from allauth.socialaccount.providers.openid_connect.views import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST


@never_cache
@require_POST
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider by a page of ours that goes on by itself.

    A redirect in answer to a form would be stopped by the policy `form-action 'self'`, which we
    do not open: a provider may send people on to hosts that we have never heard of.
    """
    answer: HttpResponse = login(request, provider_id)
    target = answer.headers.get("Location", "")
    if answer.status_code not in {301, 302, 303} or not target.startswith(("https://", "http://")):
        return answer
    page = render(request, "socialaccount/onward.html", {"target": target})
    page.headers["Refresh"] = f"0; url={target}"
    return page
