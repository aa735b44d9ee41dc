"""What requests say on the front page, and on an organisation's page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from base.parts import Part
from front.parts import STRANGERS
from matchmaking.access.requests import open_to
from matchmaking.queries.requests import shown
from members.access import Actor
from members.models import Organisation
from members.organisation_parts import ORGANISATION

NEWEST = 5
MOST_OF_ONE = 10


def _newest(request: HttpRequest) -> Mapping[str, Any] | None:
    rows = list(shown(open_to(request.user)).order_by("-made_at", "-pk")[:NEWEST])
    return {"requests": rows} if rows else None


def _of_organisation(actor: Actor, organisation: Organisation) -> Mapping[str, Any] | None:
    rows = shown(open_to(actor)).filter(organisation=organisation)
    found = list(rows.order_by("-made_at", "-pk")[:MOST_OF_ONE])
    return {"requests": found} if found else None


def register() -> None:
    """Add the parts."""
    STRANGERS.register(
        Part(
            name="open-requests",
            title=_("Open cooperation requests"),
            template="matchmaking/_requests.html",
            read=_newest,
            order=20,
        )
    )
    ORGANISATION.register(
        Part(
            name="requests",
            title=_("Cooperation requests"),
            template="matchmaking/_organisation_requests.html",
            read=_of_organisation,
            order=5,
        )
    )
