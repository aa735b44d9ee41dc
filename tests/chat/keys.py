"""Links into rooms and sections of people, for tests."""

from datetime import timedelta

from base.clock import now
from chat.models import InviteLink, Section
from tests.chat.conftest import Room


def link_into(room: Room) -> InviteLink:
    """A link that lets members into the room."""
    return InviteLink.objects.get_or_create(
        token="a-token-of-this-room",
        defaults={"channel_id": room.id, "expires_at": now() + timedelta(days=1)},
    )[0]


def section_of(room: Room) -> int:
    """The id of a section of the owner's."""
    owner = room.people["owner"]
    return Section.objects.get_or_create(member=owner, name="Mine")[0].pk
