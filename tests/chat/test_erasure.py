"""The event law holds for an erasure too: a copy that follows the log ends as a fresh one."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from base.clock import now
from chat.models import Channel, Membership, Message
from chat.vocabulary import Role
from live.limits import writes
from live.performing import perform
from live.registry import find_command
from members.actions.leaving import ask_to_leave, erase_departed
from members.models import Departure, Member
from members.vocabulary import LeavingTexts
from tests import factories
from tests.chat.reading import kept_up, log, position, snapshot

pytestmark = pytest.mark.django_db


def do(actor: Member, cmd: str, topic: str, **data: Any) -> Any:
    """What a client does."""
    writes._buckets.clear()
    command, _number = find_command(cmd, topic)
    return perform(actor=actor, cmd=cmd, topic=topic, data=msgspec.convert(data, command.data))


@pytest.fixture
def scene() -> tuple[Member, Member, str]:
    """Somebody who owns a room, a friend in it, and what they said to one another."""
    leaver, friend = factories.member(name="Leaver"), factories.member(name="Friend")
    room = f"chat:{do(leaver, 'channel.create', '', name='A', is_public=True)['id']}"
    do(leaver, "member.add", room, member=friend.pk)
    said = do(leaver, "message.post", room, text="One")["id"]
    do(leaver, "message.edit", room, id=said, text="One, changed")
    do(leaver, "message.pin", room, id=said, on=True)
    do(friend, "message.post", room, text="I quote you", reply_to=said)
    do(friend, "message.react", room, id=said, emoji="🎭", on=True)
    root = do(friend, "message.post", room, text=f"@[Leaver](member:{leaver.pk}), look")["id"]
    do(leaver, "message.react", room, id=root, emoji="👍", on=True)
    do(leaver, "message.post", room, text="Below", thread=root)
    do(friend, "message.post", room, text="Below too", thread=root)
    gone = do(leaver, "message.post", room, text="Taken back")["id"]
    do(leaver, "message.delete", room, id=gone)
    return leaver, friend, room


def erase(member: Member, texts: LeavingTexts) -> None:
    ask_to_leave(actor=member, texts=texts)
    Departure.objects.update(due_at=now())
    assert erase_departed(budget=timedelta(minutes=1)) == 1


@pytest.mark.parametrize("texts", list(LeavingTexts))
def test_copy_of_a_room_is_kept_up_through_an_erasure(
    scene: tuple[Member, Member, str], texts: LeavingTexts
) -> None:
    leaver, friend, room = scene
    three = [friend.pk, factories.member().pk]
    talk = do(leaver, "conversation.start", "", members=three)["topic"]
    do(leaver, "message.post", talk, text="Between us")
    topics = (room, talk, f"member:{friend.pk}")
    before = {topic: (position(topic), snapshot(friend, topic)) for topic in topics}
    erase(leaver, texts)
    for topic, (seq, state) in before.items():
        events = log(topic, seq)
        assert kept_up(state, topic, events) == snapshot(friend, topic)
        assert kept_up(state, topic, events + events) == snapshot(friend, topic)


@pytest.mark.parametrize("texts", list(LeavingTexts))
def test_erasure_twice_is_erasure_once(
    scene: tuple[Member, Member, str], texts: LeavingTexts
) -> None:
    leaver, _friend, room = scene
    erase(leaver, texts)
    head = position(room)
    Departure.objects.update(erased_at=None)
    assert erase_departed(budget=timedelta(minutes=1)) == 1
    assert position(room) == head


def test_room_gets_an_owner_who_stays(scene: tuple[Member, Member, str]) -> None:
    leaver, friend, room = scene
    late = factories.member()
    do(leaver, "member.add", room, member=late.pk)
    Membership.objects.filter(member=late).update(role=Role.MODERATOR)
    erase(leaver, LeavingTexts.LEAVE)
    channel = Channel.objects.get(pk=int(room.partition(":")[2]))
    roles = channel.memberships.order_by("member_id").values_list("member_id", "role")
    assert list(roles) == [(friend.pk, Role.MEMBER), (late.pk, Role.OWNER)]


def test_words_stay_or_go(scene: tuple[Member, Member, str]) -> None:
    leaver, _friend, _room = scene
    erase(leaver, LeavingTexts.TAKE)
    said = Message.objects.order_by("pk").values_list("text", "author__name")
    assert list(said) == [
        ("", None),
        ("I quote you", "Friend"),
        ("@…, look", "Friend"),
        ("", None),
        ("Below too", "Friend"),
        ("", None),
    ]
