"""Links into rooms, for tests."""

from datetime import timedelta

from base.clock import now
from chat.models import InviteLink
from tests.chat.conftest import Room


def link_into(room: Room) -> InviteLink:
    """A link that lets members into the room."""
    return InviteLink.objects.get_or_create(
        token="a-token-of-this-room",
        defaults={"channel_id": room.id, "expires_at": now() + timedelta(days=1)},
    )[0]
