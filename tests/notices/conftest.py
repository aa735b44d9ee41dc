"""A room in which somebody is replied to."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings

from base.clock import now
from chat.events import CreateChannel, NameMember, PostMessage
from chat.notices import REPLY, drafts
from chat.queries.audience import concerned
from live.performing import perform
from members.models import Member, SiteSettings
from notices.actions.telling import tell
from notices.kinds import Draft
from notices.models import Notice, Preferences
from tests import factories


def do(actor: Member, cmd: str, topic: str, data: Any, **options: Any) -> dict[str, Any]:
    """One write, as every door does it."""
    return perform(actor=actor, cmd=cmd, topic=topic, data=data, **options)


@pytest.fixture(autouse=True)
def _unhurried(settings: LazySettings) -> None:
    """Nobody is too fast here."""
    settings.LIVE = {"writes_per_s": 10_000, "burst": 10_000}


@pytest.fixture
def site(db: None) -> SiteSettings:
    """The settings of a site that is set up."""
    return SiteSettings.objects.create(pk=1, is_set_up=True)


@dataclass(frozen=True)
class Talk:
    """A private room of two.

    Attributes:
        said: A message of the reader, to which the other replies.
    """

    topic: str
    channel: int
    reader: Member
    other: Member
    said: int

    def reply(self, text: str = "Hei") -> int:
        """The other replies to the reader; the id of the message."""
        data = PostMessage(text=text, reply_to=self.said)
        return int(do(self.other, "message.post", self.topic, data)["id"])

    def told(self, count: int = 1) -> list[Notice]:
        """So many replies, and the reader was told: the notices, the oldest first."""
        tell(about(*(self.reply() for _ in range(count))))
        return list(Notice.objects.filter(member=self.reader).order_by("pk"))


@pytest.fixture
def talk(db: None) -> Talk:
    return make_talk()


def make_talk(**reader: Any) -> Talk:
    """A room, its owner who wrote in it, and another member."""
    owner = factories.member(**({"name": "Rasa Reader"} | reader))
    other = factories.member(name="Otto Other", organisation="Studio Nord", country="DE")
    topic = do(owner, "channel.create", "", CreateChannel(name="Harbour", is_public=False))["topic"]
    do(owner, "member.add", topic, NameMember(member=other.pk))
    said = do(owner, "message.post", topic, PostMessage(text="Tere!"))["id"]
    return Talk(topic, int(topic.partition(":")[2]), owner, other, said)


def about(*message_ids: int) -> list[Draft]:
    """Whom these messages concern."""
    return drafts(concerned(message_ids, ()))


def quiet_now(member: Member) -> None:
    """The member's quiet hours are those around this moment."""
    here = now().astimezone(ZoneInfo(member.time_zone))
    hour = timedelta(hours=1)
    Preferences.objects.update_or_create(
        member=member,
        defaults={"quiet_from": (here - hour).time(), "quiet_to": (here + hour).time()},
    )


__all__ = ["REPLY", "Talk", "about", "do", "make_talk", "quiet_now"]
