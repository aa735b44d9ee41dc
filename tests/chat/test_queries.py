"""What pages and endpoints cost: as many queries for three of anything as for one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from base.clock import now
from chat.events import CreateChannel, EditMessage, NameMember, PostMessage, React
from chat.events.marks import BookmarkMessage
from chat.events.messages import ForwardMessage, PinMessage
from chat.events.unsent import SaveDraft, ScheduleMessage
from live.registry import topic_kinds
from members.models import Member, SiteSettings
from tests import factories
from tests.chat.conftest import do


def fill(owner: Member, count: int) -> int:
    """So many channels, members, messages, replies and reactions; the id of one channel."""
    made = 0
    others = [factories.member(organisation=f"Studio {n}") for n in range(count)]
    for number in range(count):
        made = do(owner, "channel.create", "", CreateChannel(name=f"Room {number}"))["id"]
        topic = f"chat:{made}"
        for other in others:
            do(owner, "member.add", topic, NameMember(member=other.pk))
            first = do(other, "message.post", topic, PostMessage(text="Tere!"))
            reply = PostMessage(text="Hei", reply_to=first["id"])
            do(owner, "message.post", topic, reply)
            do(owner, "message.react", topic, React(id=first["id"], emoji="🎭"))
            _hang(owner, other, topic, first["id"])
    return made


def _hang(owner: Member, other: Member, topic: str, first: int) -> None:
    """Everything that can hang on a message, and what is not said yet."""
    channel = int(topic.partition(":")[2])
    named = PostMessage(text=f"@[X](member:{other.pk}) @here", thread=first)
    do(owner, "message.post", topic, named)
    do(other, "message.post", topic, PostMessage(text="In the thread", thread=first))
    do(owner, "message.post", topic, PostMessage(text=f"@[X](member:{owner.pk})"))
    do(owner, "message.forward", topic, ForwardMessage(channel=channel, id=first))
    do(owner, "message.pin", topic, PinMessage(id=first))
    do(owner, "message.bookmark", topic, BookmarkMessage(id=first))
    do(other, "message.edit", topic, EditMessage(id=first, text="Hei"))
    later = ScheduleMessage(text="Later", at=now() + timedelta(days=1))
    do(owner, "message.schedule", topic, later)
    do(owner, "draft.save", f"member:{owner.pk}", SaveDraft(channel=channel, text="Te"))


ADDRESSES: list[tuple[str, int]] = [
    ("/chat/", 10),
    ("/chat/{id}/", 28),
    ("/chat/{id}/members/", 21),
    ("/chat/{id}/edit/", 18),
    ("/chat/new/", 11),
    ("/chat/{id}/m/{message}/edit/", 25),
    ("/chat/{id}/?message={message}", 29),
    ("/chat/{id}/t/{message}/", 31),
    ("/chat/{id}/t/{message}/pane/", 24),
    ("/chat/{id}/?thread={message}", 48),
    ("/chat/{id}/pins/", 22),
    ("/chat/threads/", 15),
    ("/chat/bookmarks/", 15),
    ("/chat/scheduled/", 11),
    ("/chat/{id}/m/{message}/forward/", 19),
    ("/api/v1/channels/{id}/messages/?thread={message}", 12),
    ("/api/v1/channels/{id}/pins/", 8),
    ("/api/v1/channels/{id}/mentionable/?q=m", 6),
    ("/api/v1/channels/{id}/messages/{message}/versions/", 10),
    ("/api/v1/threads/", 8),
    ("/api/v1/bookmarks/", 8),
    ("/api/v1/drafts/", 4),
    ("/api/v1/scheduled/", 4),
    ("/api/v1/channels/", 8),
    ("/api/v1/channels/{id}/", 7),
    ("/api/v1/channels/{id}/messages/", 15),
    ("/api/v1/channels/{id}/messages/?around={message}", 16),
    ("/api/v1/channels/{id}/messages/{message}/", 9),
    ("/api/v1/topics/chat:{id}/", 16),
    ("/api/v1/topics/chat:{id}/events/?since=1", 19),
    ("/api/v1/topics/member:{me}/", 21),
    ("/api/v1/topics/member:{me}/events/", 10),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), ADDRESSES)
def test_cost_does_not_grow(
    db: None,
    site: SiteSettings,
    django_assert_num_queries: Callable[[int], Any],
    path: str,
    queries: int,
    count: int,
) -> None:
    owner = factories.member()
    channel = fill(owner, count)
    kind = topic_kinds()["chat"]
    message = kind.snapshot(owner, channel)["messages"][0].id
    client = Client()
    client.force_login(owner)
    address = path.format(id=channel, message=message, me=owner.pk)
    assert client.get(address).status_code == 200  # what is asked once per process
    with django_assert_num_queries(queries):
        client.get(address)
