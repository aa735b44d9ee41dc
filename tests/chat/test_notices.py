"""Whom messages concern: by name, in conversations, in threads; and who wants to hear nothing."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from chat.events import (
    CreateChannel,
    DeleteMessage,
    EditMessage,
    NameMember,
    PostMessage,
    ReadChannel,
    StartConversation,
)
from chat.models import Membership
from chat.notices import KINDS, drafts
from chat.queries import audience
from chat.queries.audience import Reason, concerned
from chat.vocabulary import Level
from members.models import Member
from moderation.events import BlockMember
from notices.kinds import kinds
from notices.models import Notice
from notices.queries import facts_of
from tests import factories
from tests.chat.conftest import do

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Place:
    """A private room: who speaks in it, two who listen, and one who is not in it."""

    topic: str
    speaker: Member
    first: Member
    second: Member
    stranger: Member

    def post(self, text: str, by: Member | None = None, **more: Any) -> int:
        """Somebody says something; its id."""
        said = PostMessage(text=text, **more)
        return int(do(by or self.speaker, "message.post", self.topic, said)["id"])

    def told(self, *message_ids: int) -> set[tuple[str, Reason]]:
        """Whom these messages concern, by name."""
        return names(message_ids)

    def prefers(self, member: Member, **values: Any) -> None:
        """How a member wants to have the room."""
        channel = int(self.topic.partition(":")[2])
        Membership.objects.filter(member=member, channel=channel).update(**values)


def names(posted: Any, edited: Any = ()) -> set[tuple[str, Reason]]:
    """Whom messages concern, by name."""
    found = concerned(posted, edited)
    people = Member.objects.in_bulk([each.member_id for each in found])
    return {(people[each.member_id].name, each.reason) for each in found}


@pytest.fixture
def place() -> Place:
    house = factories.organisation(name="Studio Nord")
    speaker, first, second, stranger = (
        factories.member(name=name, organisation=where)
        for name, where in (
            ("Speaker", None), ("First", house), ("Second", None), ("Stranger", house)
        )
    )  # fmt: skip
    made = do(speaker, "channel.create", "", CreateChannel(name="Harbour", is_public=False))
    for member in (first, second):
        do(speaker, "member.add", made["topic"], NameMember(member=member.pk))
    return Place(made["topic"], speaker, first, second, stranger)


def test_plain_message_concerns_nobody_at_three_queries(
    place: Place, django_assert_num_queries: Any
) -> None:
    ids = [place.post("Tere!") for _ in range(3)]
    with django_assert_num_queries(3):
        assert concerned(ids, ()) == []


def test_who_is_named_is_told(place: Place) -> None:
    said = place.post(f"Hei @[First](member:{place.first.pk})")
    assert place.told(said) == {("First", Reason.MENTION)}


def test_naming_oneself_or_somebody_who_may_not_read_it_tells_nobody(place: Place) -> None:
    said = place.post(f"@[S](member:{place.speaker.pk}) @[X](member:{place.stranger.pk})")
    assert place.told(said) == set()


def test_organisation_that_is_named_is_told_in_its_people_in_the_room(place: Place) -> None:
    said = place.post(f"Hei @[Studio Nord](organisation:{place.first.organisation_id})")
    assert place.told(said) == {("First", Reason.MENTION)}


def test_here_tells_everybody_in_the_room(place: Place) -> None:
    said = place.post("@here it begins")
    assert place.told(said) == {("First", Reason.MENTION), ("Second", Reason.MENTION)}


def test_here_in_a_large_room_tells_people_only_from_who_moderates_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "MAX_HERE", 2)
    everybody = {("Speaker", Reason.MENTION), ("Second", Reason.MENTION)}
    channel = int(place.topic.partition(":")[2])
    client = Client()
    client.force_login(place.first)
    loud, quiet = "", "nobody was notified"
    for role, told, said in (("member", set(), quiet), ("moderator", everybody, loud)):
        place.prefers(place.first, role=role)
        message = place.post("@here now", by=place.first)
        assert place.told(message) == told
        path = f"/api/v1/channels/{channel}/messages/{message}/unreached/"
        assert client.get(path).json() == {"names": [], "is_here_quiet": not told}
        answer = client.post(f"/chat/{channel}/", {"text": "@HERE"}, follow=True)
        assert (quiet in answer.content.decode().partition("<chat-room")[0]) == bool(said)
    # Whom they name is told; the last of several calls is enough.
    named = place.post(f"@[First](member:{place.first.pk}) and @here", by=place.second)
    assert place.told(named) == {("First", Reason.MENTION)}
    calls = [place.post("@here", by=place.first) for _ in range(2)]
    assert {each.message_id for each in concerned(calls, ())} == {calls[-1]}


def test_strongest_reason_alone_is_told(place: Place) -> None:
    asked = place.post("Who?", by=place.first)
    said = place.post(f"@[First](member:{place.first.pk}) you", reply_to=asked)
    assert place.told(said) == {("First", Reason.MENTION)}
    assert place.told(place.post("you", reply_to=asked)) == {("First", Reason.REPLY)}


def test_who_follows_a_thread_hears_of_replies_in_it(place: Place) -> None:
    root = place.post("A thread", by=place.first)
    place.post("one", by=place.second, thread=root)
    said = place.post("two", thread=root)
    assert place.told(said) == {("First", Reason.THREAD), ("Second", Reason.THREAD)}


def test_who_follows_a_room_fully_hears_everything_but_threads(place: Place) -> None:
    place.prefers(place.second, level=Level.ALL)
    root = place.post("Tere!")
    assert place.told(root) == {("Second", Reason.FOLLOWED)}
    assert place.told(place.post("in a thread", thread=root)) == set()


@pytest.mark.parametrize("how", [{"level": Level.NOTHING}, {"is_muted": True}])
def test_who_wants_to_hear_nothing_is_told_nothing(place: Place, how: dict[str, Any]) -> None:
    place.prefers(place.first, **how)
    said = place.post(f"@here and @[First](member:{place.first.pk})")
    assert place.told(said) == {("Second", Reason.MENTION)}


def test_direct_message_and_group_tell_the_others(place: Place) -> None:
    for others, wanted in (
        ([place.first], {("First", Reason.DIRECT)}),
        (
            [place.first, place.stranger],
            {("First", Reason.DIRECT), ("Stranger", Reason.DIRECT)},
        ),
    ):
        begun = StartConversation(members=[member.pk for member in others])
        topic = do(place.speaker, "conversation.start", "", begun)["topic"]
        said = do(place.speaker, "message.post", topic, PostMessage(text="Tere!"))["id"]
        assert names([said]) == wanted


def test_nobody_hears_of_whom_they_block(place: Place) -> None:
    asked = place.post("Who?", by=place.first)
    own = f"member:{place.first.pk}"
    do(place.first, "member.block", own, BlockMember(member=place.speaker.pk))
    said = place.post("@here you", reply_to=asked)
    assert place.told(said) == {("Second", Reason.MENTION)}


def test_what_was_read_already_is_not_told(place: Place) -> None:
    said = place.post("@here")
    do(place.first, "channel.read", place.topic, ReadChannel(seq=10**6))
    assert place.told(said) == {("Second", Reason.MENTION)}


def test_deleted_message_is_not_told(place: Place) -> None:
    said = place.post("@here")
    do(place.speaker, "message.delete", place.topic, DeleteMessage(id=said))
    assert place.told(said) == set()


def test_edit_tells_whom_it_names_and_nobody_else(place: Place) -> None:
    place.prefers(place.second, level=Level.ALL)
    said = place.post("Hei")
    new = EditMessage(id=said, text=f"Hei @[First](member:{place.first.pk})")
    do(place.speaker, "message.edit", place.topic, new)
    assert names((), [said]) == {("First", Reason.MENTION)}


def test_cost_does_not_grow(place: Place, django_assert_num_queries: Any) -> None:
    root = place.post("A thread", by=place.first)
    many = [place.post("@here you", reply_to=root) for _ in range(3)]
    many += [place.post("you", thread=root) for _ in range(3)]
    for ids in (many[:1] + many[-1:], many):
        with django_assert_num_queries(10):
            concerned(ids, ())


def test_every_kind_speaks_of_one_and_of_several(place: Place) -> None:
    said = [place.post(f"@here {number}") for number in range(2)]
    rows = [
        Notice(member_id=each.member_id, kind=each.kind, subject=each.subject)
        for each in drafts(concerned(said, ()))
        if each.member_id == place.first.pk
    ]
    facts = [each for each in facts_of(rows) if each]
    spoken = {
        name: (kinds()[name].say(facts[:1]), kinds()[name].say(facts)) for name in KINDS.values()
    }
    assert spoken == {
        "chat.mention": (
            "Speaker mentioned you in Harbour",
            "You were mentioned 2 times in Harbour",
        ),
        "chat.direct": ("Speaker wrote to you", "2 messages to you from Harbour"),
        "chat.reply": ("Speaker replied to you in Harbour", "2 replies to you in Harbour"),
        "chat.thread": (
            "Speaker replied in a thread that you follow in Harbour",
            "2 replies in a thread that you follow in Harbour",
        ),
        "chat.message": ("Speaker wrote in Harbour", "2 new messages in Harbour"),
    }
