"""A room and people of every standing towards it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import LazySettings

from chat.events import CreateChannel, NameMember, PostMessage
from chat.models import Preview
from live.performing import perform
from members.models import Member, SiteSettings
from tests import factories


@dataclass(frozen=True)
class Room:
    """A channel with its people.

    Attributes:
        people: By standing: ``owner`` (who moderates it), ``member``, ``moderator`` (of the site,
            in it), ``outsider``, ``removed``, ``guest``, ``staff`` (not in it), ``suspended`` (in
            it, may no longer sign in).
        said: A message of the member.
        owned: A message of the owner.
    """

    id: int
    topic: str
    people: dict[str, Member]
    said: int
    owned: int


def do(actor: Member, cmd: str, topic: str, data: Any, **options: Any) -> dict[str, Any]:
    """One write, as every door does it."""
    return perform(actor=actor, cmd=cmd, topic=topic, data=data, **options)


def preview_on(room: Room) -> Preview:
    """The preview of a link that the room's message shows, without a picture."""
    values = {"url": "https://example.org/", "title": "x", "state": "shown", "position": 0}
    return Preview.objects.get_or_create(message_id=room.said, defaults=values)[0]


@pytest.fixture(autouse=True)
def _unhurried(settings: LazySettings) -> None:
    """Nobody is too fast here."""
    settings.LIVE = {"writes_per_s": 10_000, "burst": 10_000}


@pytest.fixture
def make_room(db: None) -> Callable[..., Room]:
    """Makes a room; private unless told otherwise."""

    def make(*, is_public: bool = False) -> Room:
        people = {
            "owner": factories.member(name="Olga Owner"),
            "member": factories.member(name="Mirja Member"),
            "moderator": factories.member(name="Mart Moderator", is_moderator=True),
            "outsider": factories.member(name="Otto Outsider"),
            "removed": factories.member(name="Rita Removed"),
            "guest": factories.member(name="Gita Guest", kind="guest"),
            "staff": factories.member(name="Stina Staff", is_staff=True),
            "suspended": factories.member(name="Sven Suspended"),
        }
        owner = people["owner"]
        made = do(owner, "channel.create", "", CreateChannel(name="A room", is_public=is_public))
        for name in ("member", "moderator", "removed", "suspended"):
            do(owner, "member.add", made["topic"], NameMember(member=people[name].pk))
        said = do(people["member"], "message.post", made["topic"], PostMessage(text="Tere!"))
        owned = do(owner, "message.post", made["topic"], PostMessage(text="Welcome"))
        do(owner, "member.remove", made["topic"], NameMember(member=people["removed"].pk))
        people["suspended"].is_active = False
        people["suspended"].save()
        return Room(made["id"], made["topic"], people, said["id"], owned["id"])

    return make


@pytest.fixture
def site(db: None) -> SiteSettings:
    """The settings of a site that is set up."""
    return SiteSettings.objects.create(pk=1, is_set_up=True)
