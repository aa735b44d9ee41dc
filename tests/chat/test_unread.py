"""Unread and mention counts: exact whatever happened, in one query, whatever their number."""

from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.clock import now
from base.errors import Refusal
from chat.actions.messages import post_message, words
from chat.events import (
    CreateChannel,
    DeleteMessage,
    EditMessage,
    NameMember,
    PostMessage,
    ReadChannel,
)
from chat.models import Channel, Membership, Message
from chat.queries.reading import mentions_by_member, unread_by_member
from live.units import unit
from members.models import Member
from tests import factories
from tests.chat.conftest import do

pytestmark = pytest.mark.django_db


def opened(owner: Member, *others: Member) -> str:
    """A private room with these people; its topic."""
    made = do(owner, "channel.create", "", CreateChannel(name="R", is_public=False))
    for other in others:
        do(owner, "member.add", made["topic"], NameMember(member=other.pk))
    return str(made["topic"])


def counted(people: list[Member]) -> dict[int, dict[str, int]]:
    """What the counts must be, message by message."""
    found: dict[int, dict[str, int]] = {person.pk: {} for person in people}
    for place in Membership.objects.inside().filter(member__in=people):
        rows = Message.objects.filter(
            channel=place.channel_id, seq__gt=place.read_seq, deleted_at=None, thread=None
        ).exclude(author=place.member_id)
        if rows.exists():
            found[place.member_id][f"chat:{place.channel_id}"] = rows.count()
    return found


@pytest.mark.parametrize("seed", range(8))
def test_counts_are_exact_whatever_people_do(seed: int) -> None:
    random = Random(seed)
    people = [factories.member(is_moderator=n == 0) for n in range(3)]
    topics = [opened(people[0], *people[1:]), opened(people[1], people[2])]
    said: dict[str, list[int]] = {topic: [] for topic in topics}
    for _ in range(60):
        topic, actor = random.choice(topics), random.choice(people)
        old = random.choice(said[topic]) if said[topic] else 0
        step = random.choice(["post"] * 5 + ["thread", "delete", "edit", "read"])
        data: Any = {
            "post": PostMessage(text="Tere"),
            "thread": PostMessage(text="Tere", thread=old),
            "delete": DeleteMessage(id=old),
            "edit": EditMessage(id=old, text="Hei"),
            "read": ReadChannel(seq=random.randrange(1, 80)),
        }[step]
        cmd = {"thread": "message.post", "read": "channel.read"}.get(step, f"message.{step}")
        try:
            reply = do(actor, cmd, topic, data)
        except Refusal:
            continue
        if step == "post":
            said[topic].append(reply["id"])
        assert unread_by_member([person.pk for person in people]) == counted(people)


def test_messages_of_one_unit_are_numbered_one_after_another() -> None:
    anna = factories.member()
    topic = opened(anna)
    channel = Channel.objects.get()
    for _ in range(2):
        with unit() as whole:
            whole.lock([topic])
            for _ in range(3):
                post_message(actor=anna, channel_id=channel.pk, said=words("Tere"))
    assert list(Message.objects.order_by("seq").values_list("nth", flat=True)) == [1, 2, 3, 4, 5, 6]


def many(channel: Channel, author: Member, count: int) -> None:
    """So many messages, as posting writes them, with a log that knows them."""
    last = Message.objects.filter(channel=channel).order_by("-seq").first()
    seq, nth = (last.seq, last.nth) if last else (100, 0)
    Message.objects.bulk_create(
        Message(
            channel=channel, seq=seq + n, nth=nth + n, author=author,
            text="x", html="<p>x</p>", posted_at=now(),
        )
        for n in range(1, count + 1)
    )  # fmt: skip


def steps_of(member_ids: list[int]) -> int:
    """How much SQLite works for the counts: thousands of steps of its machine."""
    seen = [0]

    def tick() -> int:
        seen[0] += 1
        return 0

    connection.connection.set_progress_handler(tick, 100)
    try:
        unread_by_member(member_ids)
    finally:
        connection.connection.set_progress_handler(None, 0)
    return seen[0]


def test_ten_thousand_unread_are_exact_in_one_query_and_cost_what_ten_do() -> None:
    anna, boris = factories.member(), factories.member()
    opened(anna, boris)
    channel = Channel.objects.get()
    many(channel, anna, 10)
    few = steps_of([boris.pk]) if connection.vendor == "sqlite" else 0
    many(channel, anna, 9_990)
    Message.objects.filter(seq__in=(150, 5_000, 9_000)).update(deleted_at=now(), text="", html="")
    with CaptureQueriesContext(connection) as asked:
        found = unread_by_member([anna.pk, boris.pk])
    assert found == {anna.pk: {}, boris.pk: {channel.topic: 9_997}}
    assert len(asked) == 1
    if connection.vendor == "sqlite":
        assert steps_of([boris.pk]) <= few + 5


def test_mentions_are_counted_in_one_query_and_gone_when_read() -> None:
    anna, boris = factories.member(name="Anna"), factories.member(name="Boris")
    topic = opened(anna, boris)
    for text in ("Hei", f"@[Boris](member:{boris.pk})", "Hei", f"@[Boris](member:{boris.pk}) 2"):
        last = do(anna, "message.post", topic, PostMessage(text=text))
    ids = [anna.pk, boris.pk]
    with CaptureQueriesContext(connection) as asked:
        found = mentions_by_member(ids)
    assert (found, len(asked)) == ({anna.pk: {}, boris.pk: {topic: 2}}, 1)
    do(anna, "message.delete", topic, DeleteMessage(id=last["id"]))
    assert mentions_by_member(ids)[boris.pk] == {topic: 1}
    do(boris, "channel.read", topic, ReadChannel(seq=last["seq"]))
    assert mentions_by_member(ids)[boris.pk] == {}
