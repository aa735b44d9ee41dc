"""What the chat says on an organisation's page: its rooms, as far as the reader may see them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from chat.access import visible_channels
from members.access import Actor, is_member
from members.models import Organisation
from members.organisation_parts import ORGANISATION, Part

ROOMS_SHOWN = 50


def _rooms(actor: Actor, organisation: Organisation) -> Mapping[str, Any] | None:
    if not is_member(actor):
        return None
    found = visible_channels(actor).filter(organisation=organisation)
    rooms = list(found.order_by("is_archived", "name", "id")[:ROOMS_SHOWN])
    return {"rooms": rooms} if rooms else None


def register() -> None:
    """Add the rooms to the pages of organisations."""
    ORGANISATION.register(
        Part("rooms", _("Rooms"), "chat/_organisation_rooms.html", _rooms, order=10),
    )
