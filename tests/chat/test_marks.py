"""Mentions, threads, versions, pins, bookmarks, drafts, what is scheduled, forwards, days."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from base.clock import now
from base.errors import Refusal
from base.mentions import ADDRESSES
from chat.access import channel_for
from chat.actions.unsent import send_scheduled
from chat.events import CreateChannel, DeleteMessage, EditMessage, NameMember, PostMessage
from chat.events.marks import BookmarkMessage, UnreadFrom
from chat.events.messages import ForwardMessage, PinMessage
from chat.events.threads import FollowThread, ReadThread
from chat.events.unsent import EditScheduled, SaveDraft, ScheduleMessage
from chat.models import (
    Bookmark,
    Channel,
    Draft,
    Membership,
    Mention,
    Message,
    Scheduled,
    ThreadPlace,
    Version,
)
from chat.queries import message_page
from chat.queries.evidence import message_evidence
from chat.queries.marks import candidates, unreached, versions_of
from chat.queries.messages import first_since
from chat.queries.people import people_of
from chat.queries.reading import mentions_by_member
from chat.queries.threads import followed_threads, unread_in_threads
from chat.tasks import send_due_messages
from members.events import ProfileChange
from members.models import Member, SiteSettings
from moderation.models import Block
from tests import factories
from tests.chat.conftest import Room, do
from tests.chat.reading import log

Make = Callable[..., Room]


@pytest.fixture
def room(make_room: Make) -> Room:
    return make_room()


def post(room: Room, who: str, text: str, **more: Any) -> Message:
    made = do(room.people[who], "message.post", room.topic, PostMessage(text=text, **more))
    return Message.objects.get(pk=made["id"])


def at(member: Member) -> str:
    return f"@[{member.name}](member:{member.pk})"


def newest(room: Room) -> Any:
    return message_page(Channel.objects.get(pk=room.id)).messages[-1]


def test_addresses_of_those_named_are_those_of_their_pages() -> None:
    assert ADDRESSES["member"].format(5) == reverse("members:profile", args=[5])


def test_author_learns_whom_a_message_does_not_reach(make_room: Make, site: SiteSettings) -> None:
    room = make_room()
    owner, member = room.people["owner"], room.people["member"]
    outsider, removed = room.people["outsider"], room.people["removed"]
    near, far = factories.organisation(name="Near"), factories.organisation(name="Far")
    Member.objects.filter(pk=member.pk).update(organisation=near)
    houses = f"@[N](organisation:{near.pk}) @[F](organisation:{far.pk})"
    text = f"{at(outsider)} {at(member)} {at(removed)} {houses} @here"
    message = post(room, "owner", text)
    assert unreached(owner, message) == ["Otto Outsider", "Rita Removed", "Far"]
    assert unreached(member, message) == []
    path = f"/api/v1/channels/{room.id}/messages/{message.pk}/unreached/"
    client = Client()
    client.force_login(owner)
    reached = {"names": ["Otto Outsider", "Rita Removed", "Far"], "is_here_quiet": False}
    assert client.get(path).json() == reached
    answer = client.post(f"/chat/{room.id}/", {"text": at(outsider)}, follow=True)
    assert "will not see your message: Otto Outsider" in answer.content.decode()
    plain = client.post(f"/chat/{room.id}/", {"text": at(member)}, follow=True)
    assert "will not see your message: M" not in plain.content.decode()
    everybody = make_room(is_public=True)
    said = post(everybody, "owner", f"{at(everybody.people['outsider'])} {houses}")
    assert unreached(everybody.people["owner"], said) == []


def test_a_line_says_what_is_passed_on_or_shown(room: Room) -> None:
    owner, member = room.people["owner"], room.people["member"]
    passing = ForwardMessage(channel=room.id, id=room.said)
    passed = do(owner, "message.forward", room.topic, passing)["id"]
    post(room, "member", "To that", reply_to=passed)
    assert newest(room).reply_to.excerpt == "Tere!"
    assert log(room.topic)[-1][1]["reply_to"]["excerpt"] == "Tere!"
    do(owner, "message.edit", room.topic, EditMessage(id=passed, text="See **this**"))
    assert log(room.topic)[-1][1]["excerpt"] == "See this"
    assert newest(room).reply_to.excerpt == "See this"
    # Whoever looks at a report sees all of it, also once it is gone.
    assert message_evidence(member, passed).context["it"]["text"] == "See **this**\n\nTere!"
    do(owner, "message.delete", room.topic, DeleteMessage(id=passed))
    assert newest(room).reply_to.excerpt == ""
    assert message_evidence(member, room.owned).summary == "Welcome"


def test_message_names_whom_its_author_may_see(room: Room) -> None:
    member, owner, guest = (room.people[who] for who in ("member", "owner", "guest"))
    house = factories.organisation()
    text = f"{at(owner)} {at(guest)} @[Old](organisation:{house.pk}) @[X](member:999999) @here"
    message = post(room, "member", text)
    named = {(row.kind, row.member_id, row.organisation_id) for row in message.mentions.all()}
    assert named == {
        ("member", owner.pk, None),
        ("organisation", None, house.pk),
        ("here", None, None),
    }
    shown = newest(room)
    assert [(each.kind, each.id, each.name) for each in shown.mentions] == [
        ("member", owner.pk, owner.name),
        ("organisation", house.pk, house.name),
        ("here", 0, ""),
    ]
    assert f">@{house.name}</a>" in shown.html
    assert "@X" in shown.html
    assert "/members/999999/" not in shown.html
    assert message.text == text
    owner.name = "Olga O."
    owner.save()
    assert ">@Olga O.</a>" in newest(room).html
    edit = EditMessage(id=message.pk, text="Nobody")
    do(member, "message.edit", room.topic, edit)
    assert newest(room).mentions == []
    assert not Mention.objects.exists()


def test_whoever_blocks_the_author_is_not_told(room: Room) -> None:
    owner, member = room.people["owner"], room.people["member"]
    Block.objects.create(blocker=owner, blocked=member)
    assert not post(room, "member", at(owner)).mentions.exists()


def test_mentions_count_until_they_are_read(room: Room) -> None:
    owner, moderator = room.people["owner"], room.people["moderator"]
    post(room, "member", f"{at(owner)} @here")
    post(room, "member", f"In a thread {at(owner)}", thread=room.said)
    post(room, "owner", "@here")
    everybody = [owner.pk, moderator.pk, room.people["removed"].pk]
    counts = mentions_by_member(everybody)
    assert counts[owner.pk] == {room.topic: 1}
    assert counts[moderator.pk] == {room.topic: 2}
    assert counts[room.people["removed"].pk] == {}


def test_too_many_names_are_refused(room: Room) -> None:
    text = " ".join(f"@[A](member:{number})" for number in range(1, 52))
    with pytest.raises(Refusal) as refused:
        post(room, "member", text)
    assert refused.value.code == "chat.too_many_mentions"


def test_plain_message_costs_nothing_more(room: Room) -> None:
    post(room, "member", "warm")
    counts = []
    for text in ("plain", f"{at(room.people['owner'])}"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            post(room, "member", text)
        counts.append([q["sql"].split()[0] for q in queries.captured_queries])
    # Two look-ups (who may be named, who is apart) and one insert.
    assert len(counts[1]) - len(counts[0]) == 3


def rename(member: Member, name: str) -> None:
    do(member, "profile.change", f"member:{member.pk}", ProfileChange(name=name))


def test_candidates_say_who_cannot_read_a_closed_room(room: Room) -> None:
    member = room.people["member"]
    channel = channel_for(member, room.id)
    found = {each.name: each.reads for each in candidates(member, channel, "o")}
    assert found["Olga Owner"] is True
    assert found["Otto Outsider"] is False
    assert candidates(member, channel, "he")[0].kind == "here"
    rename(room.people["owner"], "Õie Ühtegi")
    assert [each.name for each in candidates(member, channel, "uhte")] == ["Õie Ühtegi"]
    assert [row.member.name for row in people_of(channel, search="oie")] == ["Õie Ühtegi"]
    channel.is_public = True
    assert {each.reads for each in candidates(member, channel, "o")} == {True}


def test_thread_stands_apart_and_its_root_counts(room: Room) -> None:
    member, owner, moderator = (room.people[who] for who in ("member", "owner", "moderator"))
    first = post(room, "owner", "One", thread=room.said)
    second = post(room, "moderator", "Two", thread=room.said)
    page = message_page(Channel.objects.get(pk=room.id))
    assert [row.id for row in page.messages] == [room.said, room.owned]
    replies = page.messages[0].replies
    assert replies is not None
    assert (replies.total, [each.id for each in replies.people]) == (2, [moderator.pk, owner.pk])
    assert [
        row.id for row in message_page(Channel.objects.get(pk=room.id), thread=room.said).messages
    ] == [first.pk, second.pk]
    key = f"{room.topic}/{room.said}"
    counts = unread_in_threads([member.pk, owner.pk, moderator.pk])
    assert counts == {member.pk: {key: 2}, owner.pk: {key: 1}, moderator.pk: {}}
    do(owner, "thread.read", room.topic, ReadThread(id=room.said, seq=second.seq))
    do(member, "thread.follow", room.topic, FollowThread(id=room.said, on=False))
    assert unread_in_threads([member.pk, owner.pk]) == {member.pk: {}, owner.pk: {}}
    assert [place.root_id for place in followed_threads(owner)] == [room.said]
    do(moderator, "message.delete", room.topic, DeleteMessage(id=second.pk))
    do(owner, "message.delete", room.topic, DeleteMessage(id=first.pk))
    assert message_page(Channel.objects.get(pk=room.id)).messages[0].replies is None
    assert not ThreadPlace.objects.get(root=room.said, member=member).is_following


def test_thread_in_a_thread_is_refused(room: Room) -> None:
    reply = post(room, "owner", "One", thread=room.said)
    before = Message.objects.count()
    with pytest.raises(Refusal) as refused:
        post(room, "owner", "Two", thread=reply.pk)
    assert refused.value.code == "chat.thread_in_thread"
    with pytest.raises(Refusal):
        post(room, "owner", "Two", thread=room.said, reply_to=room.owned)
    assert Message.objects.count() == before


def test_versions_are_kept_and_seen_by_the_author_and_moderators(room: Room) -> None:
    member = room.people["member"]
    for text in ("Hei", "Tere taas"):
        do(member, "message.edit", room.topic, EditMessage(id=room.said, text=text))
    message = Message.objects.get(pk=room.said)
    assert [row.text for row in versions_of(member, message, moderates=False)] == ["Hei", "Tere!"]
    assert len(versions_of(room.people["owner"], message, moderates=True)) == 2
    assert versions_of(room.people["outsider"], message, moderates=False) == []
    do(member, "message.delete", room.topic, DeleteMessage(id=room.said))
    assert not Version.objects.exists()


def test_pins_and_bookmarks_are_set_once(room: Room) -> None:
    owner, member = room.people["owner"], room.people["member"]
    for _ in range(2):
        do(owner, "message.pin", room.topic, PinMessage(id=room.said))
        do(member, "message.bookmark", room.topic, BookmarkMessage(id=room.said))
    names = [name for name, _ in log(room.topic)]
    assert names.count("message.pinned") == 1
    assert Bookmark.objects.count() == 1
    do(member, "message.delete", room.topic, DeleteMessage(id=room.said))
    assert Message.objects.get(pk=room.said).pinned_at is None


def test_unread_from_here_moves_the_marker_back(room: Room) -> None:
    owner = room.people["owner"]
    later = post(room, "member", "Later")
    place = Membership.objects.filter(channel=room.id, member=owner)
    place.update(read_seq=later.seq)
    do(owner, "channel.unread", room.topic, UnreadFrom(id=later.pk))
    assert place.get().read_seq == later.seq - 1


def test_draft_is_kept_replaced_and_dropped(room: Room) -> None:
    member = room.people["member"]
    topic = f"member:{member.pk}"
    for text in ("Te", "Tere"):
        do(member, "draft.save", topic, SaveDraft(channel=room.id, text=text))
    do(member, "draft.save", topic, SaveDraft(channel=room.id, thread=room.said, text="In it"))
    assert sorted(Draft.objects.values_list("text", flat=True)) == ["In it", "Tere"]
    do(member, "draft.save", topic, SaveDraft(channel=room.id, text=""))
    assert list(Draft.objects.values_list("text", flat=True)) == ["In it"]
    outsider = room.people["outsider"]
    with pytest.raises(Refusal):
        do(outsider, "draft.save", f"member:{outsider.pk}", SaveDraft(channel=room.id, text="x"))
    assert Draft.objects.count() == 1


def wait(room: Room, text: str = "Later!") -> Scheduled:
    """What the member has scheduled, whose time has come meanwhile."""
    data = ScheduleMessage(text=text, at=now() + timedelta(hours=1))
    made = do(room.people["member"], "message.schedule", room.topic, data)
    Scheduled.objects.filter(pk=made["id"]).update(due_at=now() - timedelta(seconds=1))
    return Scheduled.objects.select_related("member").get(pk=made["id"])


def test_scheduled_message_is_said_once_also_after_a_crash(room: Room) -> None:
    row = wait(room)
    again = Scheduled.objects.select_related("member").get(pk=row.pk)
    send_due_messages()
    # A worker that died before the row went tries it again.
    again.pk = None
    again.save(force_insert=True)
    send_scheduled(again)
    assert Message.objects.filter(text="Later!").count() == 1
    assert not Scheduled.objects.exists()


def test_scheduled_message_that_may_not_be_said_is_kept(room: Room) -> None:
    row = wait(room)
    owner, member = room.people["owner"], room.people["member"]
    do(owner, "member.remove", room.topic, NameMember(member=member.pk))
    send_due_messages()
    row.refresh_from_db()
    assert (row.state, row.code) == ("failed", "not_found")
    assert not Message.objects.filter(text="Later!").exists()


def test_what_is_due_cannot_be_changed_any_more(room: Room) -> None:
    row = wait(room)
    data = EditScheduled(id=row.pk, text="Other", at=now() + timedelta(hours=1))
    with pytest.raises(Refusal) as refused:
        do(room.people["member"], "scheduled.edit", f"member:{row.member_id}", data)
    assert refused.value.code == "chat.too_late"
    past = ScheduleMessage(text="x", at=now() - timedelta(hours=1))
    with pytest.raises(Refusal) as refused:
        do(room.people["member"], "message.schedule", room.topic, past)
    assert refused.value.code == "chat.bad_time"


def test_forward_says_where_from_only_if_all_may_read_there(make_room: Make) -> None:
    room = make_room()
    member = room.people["member"]
    open_room = do(member, "channel.create", "", CreateChannel(name="Open"))
    said = do(member, "message.post", open_room["topic"], PostMessage(text="**In public**"))
    for source, number in ((open_room["id"], said["id"]), (room.id, room.owned)):
        data = ForwardMessage(channel=source, id=number, text="Look")
        do(member, "message.forward", room.topic, data)
    public, private = message_page(Channel.objects.get(pk=room.id)).messages[-2:]
    assert public.forwarded is not None
    assert private.forwarded is not None
    assert (public.forwarded.room, public.forwarded.message) == ("Open", said["id"])
    assert public.forwarded.html == "<p><strong>In public</strong></p>"
    assert (private.forwarded.room, private.forwarded.channel) == ("", None)
    outsider = room.people["outsider"]
    with pytest.raises(Refusal) as refused:
        do(
            outsider,
            "message.forward",
            do(outsider, "channel.create", "", CreateChannel(name="Mine"))["topic"],
            ForwardMessage(channel=room.id, id=room.said),
        )
    assert refused.value.code == "not_found"


def test_day_is_found_by_halving(room: Room) -> None:
    channel = Channel.objects.get(pk=room.id)
    ids = [post(room, "member", str(day)).pk for day in range(1, 10)]
    for day, pk in enumerate(ids, 1):
        Message.objects.filter(pk=pk).update(posted_at=datetime(2030, 1, day, 12, tzinfo=UTC))
    for day, pk in enumerate(ids, 1):
        assert first_since(channel, datetime(2030, 1, day, tzinfo=UTC)) == pk
    assert first_since(channel, datetime(2000, 1, 1, tzinfo=UTC)) == room.said
    assert first_since(channel, datetime(2031, 1, 1, tzinfo=UTC)) == ids[-1]


def test_plain_forms_do_it_all(room: Room, site: SiteSettings) -> None:
    client = Client()
    client.force_login(room.people["owner"])
    chat = f"/chat/{room.id}/"
    moment = (now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    for path, body in (
        (f"{chat}t/{room.said}/", {"text": "In the thread"}),
        (f"{chat}m/{room.said}/pin/", {"on": "1"}),
        (f"{chat}m/{room.said}/bookmark/", {"on": "1"}),
        (f"{chat}m/{room.said}/forward/", {"to": str(room.id), "text": ""}),
        (chat, {"text": "Tomorrow", "at": moment, "later": "1"}),
    ):
        assert client.post(path, body).status_code == 302, path
    assert Message.objects.filter(thread=room.said).count() == 1
    for path, said in (
        ("/chat/threads/", "1 reply"),
        ("/chat/bookmarks/", "Tere!"),
        (f"{chat}pins/", "Tere!"),
        ("/chat/scheduled/", "Tomorrow"),
        (f"{chat}t/{room.said}/", "In the thread"),
        (f"{chat}?quote={room.said}", "&gt; Tere!"),
    ):
        assert said in client.get(path).content.decode(), path
    waiting = Scheduled.objects.get()
    typed = {"text": "Typed anew", "at": "2020-01-01T10:00"}
    refused = client.post(f"/chat/scheduled/{waiting.pk}/", typed)
    (row,) = refused.context["rows"]
    assert (refused.status_code, {name: row[name] for name in typed}) == (422, typed)
    assert list(row["errors"]) == ["Choose a time to come, within a year."]
    assert client.post(f"/chat/scheduled/{waiting.pk}/", {"cancel": "1"}).status_code == 302
    assert not Scheduled.objects.exists()


def test_what_a_form_answers_may_be_anything(room: Room, site: SiteSettings) -> None:
    """What is no message's number answers nothing; what was typed stays where it is gone."""
    client = Client()
    client.force_login(room.people["member"])
    for number in ("²", "-1", "9" * 5000, "x"):
        sent = client.post(f"/chat/{room.id}/", {"text": "Tere!", "reply_to": number})
        assert sent.status_code == 302, number
    gone = client.post(f"/chat/{room.id}/", {"text": "Typed", "reply_to": "123456789"})
    assert (gone.status_code, gone.context["text"]) == (422, "Typed")
    assert set(Message.objects.values_list("reply_to", flat=True)) == {None}


def test_draft_comes_back_with_what_it_answers(room: Room, site: SiteSettings) -> None:
    member = room.people["member"]
    draft = SaveDraft(channel=room.id, text="Begun", reply_to=room.owned)
    do(member, "draft.save", f"member:{member.pk}", draft)
    client = Client()
    client.force_login(member)

    def begun(query: str = "") -> tuple[str, int | None, bool]:
        shown = client.get(f"/chat/{room.id}/{query}").context
        reply = shown["reply_to"]
        return shown["text"], reply and reply["id"], shown["draft"] is not None

    assert begun() == ("Begun", room.owned, True)
    # What is quoted, or answered now, comes to it.
    assert begun(f"?quote={room.said}") == ("> Tere!\n\nBegun", room.owned, False)
    assert begun(f"?reply_to={room.said}") == ("Begun", room.said, False)
    do(room.people["owner"], "message.delete", room.topic, DeleteMessage(id=room.owned))
    assert begun() == ("Begun", None, True)
