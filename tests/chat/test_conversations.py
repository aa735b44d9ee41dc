"""Direct and group conversations: one per pair, up to twenty, blocks, the event law."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from base.clock import now
from base.errors import Refusal
from chat.events import (
    DeleteMessage,
    DescribeChannel,
    EditMessage,
    NameMember,
    Nothing,
    PostMessage,
    React,
    StartConversation,
)
from chat.events.marks import BookmarkMessage
from chat.events.threads import FollowThread
from chat.events.unsent import ScheduleMessage
from chat.models import Channel, Membership, Message, Reaction
from chat.queries import channel_rows, listed_channels
from chat.queries.evidence import message_evidence
from live.models import Event, WriteKey
from live.registry import reach_of
from members.models import Member, SiteSettings
from moderation.events import BlockMember
from tests import factories
from tests.chat.conftest import do
from tests.chat.reading import kept_up, log, position, snapshot
from tests.search.conftest import index

pytestmark = pytest.mark.django_db


def start(actor: Member, *others: Member, title: str = "") -> str:
    """Begin a conversation; its topic."""
    data = StartConversation(members=[other.pk for other in others], title=title)
    return str(do(actor, "conversation.start", "", data)["topic"])


def block(blocker: Member, blocked: Member) -> None:
    do(blocker, "member.block", f"member:{blocker.pk}", BlockMember(member=blocked.pk))


def rows() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Channel, Event, Message, Membership, Reaction, WriteKey)
    ]


def refused(actor: Member, cmd: str, topic: str, data: Any) -> str:
    """The code with which a command is refused, which writes nothing."""
    before = rows()
    with pytest.raises(Refusal) as refusal:
        do(actor, cmd, topic, data)
    assert rows() == before
    return refusal.value.code


def test_two_members_have_one_direct_conversation_whoever_begins() -> None:
    anna, boris, carl = (factories.member() for _ in range(3))
    topic = start(anna, boris)
    assert [start(anna, boris), start(boris, anna), start(anna, boris, anna)] == [topic] * 3
    assert start(anna, carl) != topic
    assert Channel.objects.filter(kind="direct").count() == 2


def test_direct_conversation_is_read_by_its_two_alone() -> None:
    anna, boris = factories.member(name="Anna"), factories.member(name="Boris")
    topic = start(anna, boris)
    assert [
        {"channel.leave", "message.post", "member.add"} & set(reach_of(who, topic).can)
        for who in (anna, boris)
    ] == [{"message.post"}, {"message.post"}]
    for other in (factories.member(is_staff=True), factories.member(is_moderator=True)):
        assert refused(other, "message.post", topic, PostMessage(text="x")) == "not_found"
    found = channel_rows(anna, list(listed_channels(anna)))
    assert [(row["title"], row["kind"], row["members"]) for row in found] == [
        ("Boris", "direct", 2)
    ]


def test_nobody_is_let_in_leaves_or_deletes_anothers_words_in_a_direct_conversation() -> None:
    anna, boris = factories.member(is_moderator=True), factories.member()
    topic = start(anna, boris)
    said = do(boris, "message.post", topic, PostMessage(text="Tere"))["id"]
    tries: list[tuple[str, Any]] = [
        ("member.add", NameMember(member=factories.member().pk)),
        ("member.remove", NameMember(member=boris.pk)),
        ("channel.leave", Nothing()),
        ("channel.edit", DescribeChannel(name="x")),
        ("message.delete", DeleteMessage(id=said)),
    ]
    assert [refused(anna, cmd, topic, data) for cmd, data in tries] == ["forbidden"] * 5


def test_group_is_named_by_its_people_or_its_title_and_all_may_gather() -> None:
    anna, boris, carl, dora = (
        factories.member(name=name) for name in ("Anna", "Boris", "Carl", "Dora")
    )
    topic = start(anna, boris, carl)
    (row,) = channel_rows(boris, list(listed_channels(boris)))
    assert (row["title"], row["kind"]) == ("Anna, Carl", "group")
    do(carl, "channel.edit", topic, DescribeChannel(name="Ink"))
    do(boris, "member.add", topic, NameMember(member=dora.pk))
    do(anna, "channel.leave", topic, Nothing())
    (row,) = channel_rows(dora, list(listed_channels(dora)))
    assert (row["title"], row["members"]) == ("Ink", 3)
    assert [card.name for card in row["people"]] == ["Boris", "Carl", "Dora"]
    assert refused(anna, "message.post", topic, PostMessage(text="x")) == "not_found"
    assert refused(boris, "member.remove", topic, NameMember(member=dora.pk)) == "forbidden"


def test_group_has_up_to_twenty() -> None:
    anna, *others = (factories.member() for _ in range(21))
    ids = [other.pk for other in others]
    too_many = StartConversation(members=ids)
    assert refused(anna, "conversation.start", "", too_many) == "chat.group_full"
    topic = start(anna, *others[:19])
    add = NameMember(member=ids[19])
    assert refused(anna, "member.add", topic, add) == "chat.group_full"


def test_conversation_needs_members_whom_one_may_see() -> None:
    anna = factories.member()
    guest, gone = factories.member(kind="guest"), factories.member(is_active=False)
    codes = [
        refused(anna, "conversation.start", "", StartConversation(members=ids))
        for ids in ([], [anna.pk], [guest.pk], [gone.pk], [10**9])
    ]
    assert codes == ["invalid", "invalid", "not_found", "not_found", "not_found"]
    long = StartConversation(members=[factories.member().pk], title="x" * 81)
    assert refused(anna, "conversation.start", "", long) == "text.too_long"


@pytest.mark.parametrize("is_blocker_first", [True, False])
def test_block_ends_direct_words_both_ways_and_tells_nobody(*, is_blocker_first: bool) -> None:
    anna, boris, carl = (factories.member() for _ in range(3))
    topic = start(anna, boris)
    said = {
        who.pk: do(who, "message.post", topic, PostMessage(text="Tere"))["id"]
        for who in (anna, boris)
    }
    before = reach_of(boris, topic).can, position(f"member:{boris.pk}"), position(topic)
    block(anna, boris)
    assert before == (reach_of(boris, topic).can, position(f"member:{boris.pk}"), position(topic))
    one, other = (anna, boris) if is_blocker_first else (boris, anna)
    tries: list[tuple[str, str, Any]] = [
        ("message.post", topic, PostMessage(text="x")),
        ("message.edit", topic, EditMessage(id=said[one.pk], text="x")),
        ("message.react", topic, React(id=said[other.pk], emoji="👍")),
        ("conversation.start", "", StartConversation(members=[other.pk, carl.pk])),
    ]
    assert [refused(one, *each) for each in tries] == ["chat.unreachable"] * 4
    group = start(one, carl)
    group = start(one, carl, factories.member())
    add = NameMember(member=other.pk)
    assert refused(one, "member.add", group, add) == "chat.unreachable"
    # The conversation that there is can still be opened and read.
    assert start(one, other) == topic


def test_copies_are_kept_up_through_a_groups_life() -> None:
    anna, boris, carl, dora = (factories.member() for _ in range(4))
    topic = start(anna, boris, carl)
    names = [topic, *(f"member:{who.pk}" for who in (anna, boris))]
    readers = [boris, anna, boris]
    steps: list[tuple[Member, str, Any]] = [
        (anna, "member.add", NameMember(member=dora.pk)),
        (dora, "message.post", PostMessage(text="Hei")),
        (carl, "channel.leave", Nothing()),
        (boris, "channel.edit", DescribeChannel(name="Four")),
        (boris, "channel.edit", DescribeChannel(name="")),
        (dora, "member.add", NameMember(member=carl.pk)),
    ]
    copies = [[(position(n), snapshot(r, n)) for n, r in zip(names, readers, strict=True)]]
    for actor, cmd, data in steps:
        do(actor, cmd, topic, data)
        copies.append([(position(n), snapshot(r, n)) for n, r in zip(names, readers, strict=True)])
    for kept in copies:
        for name, (seq, state), (_, fresh) in zip(names, kept, copies[-1], strict=True):
            assert kept_up(state, name, log(name, seq)) == fresh
            again = log(name, max(seq - 2, 0))
            assert kept_up(state, name, again + again) == fresh


def test_page_finds_people_keeps_them_chosen_and_begins(site: SiteSettings) -> None:
    anna = factories.member(name="Anna")
    liina, jonas = factories.member(name="Liina Saar"), factories.member(name="Jonas Brandt")
    client = Client()
    client.force_login(anna)
    page = client.post("/chat/converse/", {"with": liina.pk, "q": "Brandt", "find": "1"})
    assert [member.name for member in page.context["chosen"]] == ["Liina Saar"]
    assert [member.name for member in page.context["found"]] == ["Jonas Brandt"]
    empty = client.post("/chat/converse/", {"q": "Brandt"})
    assert (empty.status_code, empty.context["errors"]) == (422, ["Choose somebody to talk to."])
    answer = client.post("/chat/converse/", {"with": [liina.pk, jonas.pk], "title": "Ink"})
    (channel,) = Channel.objects.all()
    assert (answer["Location"], channel.kind, channel.name) == (
        f"/chat/{channel.pk}/",
        "group",
        "Ink",
    )
    shown = client.get("/chat/").content.decode()
    assert shown.count("Ink") == 2


def test_conversation_goes_by_its_people_wherever_it_is_named(site: SiteSettings) -> None:
    anna, jonas = factories.member(name="Anna Tamm"), factories.member(name="Jonas Brandt")
    topic = start(anna, jonas)
    said = do(jonas, "message.post", topic, PostMessage(text="Zanzibar"))["id"]
    do(jonas, "message.post", topic, PostMessage(text="Under it", thread=said))
    do(anna, "thread.follow", topic, FollowThread(id=said))
    do(anna, "message.bookmark", topic, BookmarkMessage(id=said))
    do(anna, "message.schedule", topic, ScheduleMessage(text="Later", at=now() + timedelta(days=1)))
    index()
    client = Client()
    client.force_login(anna)
    number, page = topic.partition(":")[2], ""
    for path in (
        "/chat/bookmarks/",
        "/chat/threads/",
        "/chat/scheduled/",
        "/search/?q=zanzibar",
        "/search/?q=zanzibar+in:brandt",
    ):
        page = client.get(path).content.decode()
        assert f'href="/chat/{number}/">Jonas Brandt</a>' in page, path
    assert f'<option value="{number}">Jonas Brandt</option>' in page
    assert message_evidence(anna, said).context["channel"] == "Jonas Brandt"


@pytest.mark.django_db(transaction=True)
def test_both_who_begin_at_the_same_moment_get_the_one_conversation() -> None:
    """Each side over a connection of its own, several pairs so that some do meet."""
    pairs = [(factories.member(), factories.member()) for _ in range(8)]
    gate = Barrier(2)
    found: dict[int, int] = {}

    def begin(actor: Member, other: Member) -> None:
        try:
            gate.wait(10)
            data = StartConversation(members=[other.pk])
            found[actor.pk] = do(actor, "conversation.start", "", data)["id"]
        finally:
            connection.close()

    for one, other in pairs:
        threads = [Thread(target=begin, args=pair) for pair in ((one, other), (other, one))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert [found[one.pk] for one, _ in pairs] == [found[other.pk] for _, other in pairs]
    assert Channel.objects.count() == len(pairs)
    assert Event.objects.filter(event="channel.added").count() == 2 * len(pairs)
