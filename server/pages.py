"""Pages that belong to no part: the choice of light or dark, what the demo's library holds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from front.rules import page_html
from server.demo.front import result_for

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie; anything but light and dark follows the system."""
    next_page = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(next_page, {request.get_host()}):
        next_page = "/"
    response = redirect(next_page)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=60 * 60 * 24 * 365, samesite="Lax")
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_safe
def demo_result(request: HttpRequest, name: str) -> HttpResponse:
    """A report, minutes or a case that the demo published."""
    result, text = result_for(name)
    return render(request, "demo_result.html", {"result": result, "html": page_html(text)})
