"""Who asks for a page."""

from typing import cast

from django.http import HttpRequest

from members.models import Member


def actor_of(request: HttpRequest) -> Member:
    """Return the member who asks; for views behind `login_required`, where there is one."""
    return cast("Member", request.user)
