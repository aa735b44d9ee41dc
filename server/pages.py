"""The pages that belong to no part: the front page, and the choice of light or dark."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from chat.queries import channel_rows, listed_channels
from members.access import is_member

ROOMS_READ = 500
ROOMS_OFFERED = 5
THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def front(request: HttpRequest) -> HttpResponse:
    """The front page: what the site is for strangers, what is new for members."""
    if not is_member(request.user):
        return render(request, "home.html")
    rows = channel_rows(request.user, list(listed_channels(request.user)[:ROOMS_READ]))
    own = [row for row in rows if row["is_member"]]
    shown = {
        "unread_rooms": [row for row in own if row["unread"]],
        "own_rooms": own,
        "other_rooms": [row for row in rows if not row["is_member"]][:ROOMS_OFFERED],
    }
    return render(request, "home.html", shown)


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
