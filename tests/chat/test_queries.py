"""What pages and endpoints cost: as many queries for three of anything as for one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chat.events import CreateChannel, NameMember, PostMessage, React
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
    return made


ADDRESSES: list[tuple[str, int]] = [
    ("/chat/", 9),
    ("/chat/{id}/", 20),
    ("/chat/{id}/members/", 19),
    ("/chat/{id}/edit/", 13),
    ("/chat/new/", 9),
    ("/chat/{id}/m/{message}/edit/", 20),
    ("/chat/{id}/?message={message}", 21),
    ("/api/v1/channels/", 8),
    ("/api/v1/channels/{id}/", 7),
    ("/api/v1/channels/{id}/messages/", 11),
    ("/api/v1/channels/{id}/messages/?around={message}", 12),
    ("/api/v1/channels/{id}/messages/{message}/", 7),
    ("/api/v1/topics/chat:{id}/", 12),
    ("/api/v1/topics/chat:{id}/events/?since=1", 15),
    ("/api/v1/topics/member:{me}/", 10),
    ("/api/v1/topics/member:{me}/events/", 8),
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
