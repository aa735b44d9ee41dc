"""The event law: an old snapshot and the events since are the fresh snapshot, from anywhere.

Hypothesis makes up what people do; after each step a copy of every topic is taken. In the end
each copy, kept up with the log, must equal a fresh snapshot: also one whose ``seq`` is older than
its rows, and one that applies an event twice.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from base.errors import Refusal
from chat.events import (
    CreateChannel,
    DeleteMessage,
    DescribeChannel,
    EditMessage,
    NameMember,
    Nothing,
    PostMessage,
    React,
    ReadChannel,
)
from chat.models import Channel, Message
from live import announce
from live.limits import writes
from live.registry import commands
from members.events import ProfileChange
from members.models import Member
from tests import factories
from tests.chat.conftest import Room, do
from tests.chat.reading import as_json, kept_up, log, position, snapshot

PEOPLE = 3
TEXTS = st.sampled_from(["Tere!", "**Sveiki**", "Hei\n\n- a\n- b", "x" * 300, "Cześć 🎭"])
PERSON = st.integers(0, PEOPLE - 1)
WHICH = st.integers(0, 3)
Step = tuple[str, int, Any]

steps = st.one_of(
    st.tuples(st.just("message.post"), PERSON, st.tuples(TEXTS, st.none() | WHICH)),
    st.tuples(st.just("message.edit"), PERSON, st.tuples(WHICH, TEXTS)),
    st.tuples(st.just("message.delete"), PERSON, WHICH),
    st.tuples(
        st.just("message.react"),
        PERSON,
        st.tuples(WHICH, st.sampled_from(["🎭", "👍", "1️⃣"]), st.booleans()),
    ),
    st.tuples(st.just("channel.read"), PERSON, st.integers(0, 40)),
    st.tuples(st.just("channel.join"), PERSON, st.none()),
    st.tuples(st.just("channel.leave"), PERSON, st.none()),
    st.tuples(st.just("channel.edit"), PERSON, st.sampled_from(["A room", "Another", " Room  3 "])),
    st.tuples(st.just("member.add"), PERSON, PERSON),
    st.tuples(st.just("member.remove"), PERSON, PERSON),
)


# What chance finds rarely: several emoji on one message, quotes of what changes afterwards,
# coming back after a removal.
INTERPLAY: list[Step] = [
    ("message.post", 1, ("Hei", 0)),
    ("message.edit", 0, (0, "**Sveiki**")),
    ("message.post", 0, ("Tere!", 1)),
    ("message.delete", 0, 1),
    ("message.react", 0, (0, "🎭", True)),
    ("message.react", 1, (0, "👍", True)),
    ("message.react", 0, (0, "👍", True)),
    ("message.react", 0, (0, "1️⃣", True)),
    ("message.react", 0, (0, "🎭", False)),
    ("channel.read", 1, 40),
    ("member.remove", 0, 1),
    ("member.add", 0, 2),
    ("message.post", 2, ("Hei", 1)),
    ("member.add", 0, 1),
    ("channel.edit", 0, "Another"),
    ("channel.leave", 2, None),
    ("channel.join", 2, None),
]


def message_at(channel: Channel, which: int) -> int:
    """The id of one of the channel's messages, or of none."""
    ids = list(Message.objects.filter(channel=channel).values_list("pk", flat=True))
    return ids[which % len(ids)] if ids else 10**9


def data_of(  # noqa: PLR0911 - one return per command
    step: Step, channel: Channel, people: Sequence[Member]
) -> Any:
    """The data of a step's command."""
    match step:
        case "message.post", _, (text, None):
            return PostMessage(text=text)
        case "message.post", _, (text, which):
            return PostMessage(text=text, reply_to=message_at(channel, which))
        case "message.edit", _, (which, text):
            return EditMessage(id=message_at(channel, which), text=text)
        case "message.delete", _, which:
            return DeleteMessage(id=message_at(channel, which))
        case "message.react", _, (which, emoji, on):
            return React(id=message_at(channel, which), emoji=emoji, on=on)
        case "channel.read", _, seq:
            return ReadChannel(seq=seq)
        case "channel.edit", _, name:
            return DescribeChannel(name=name)
        case (("member.add" | "member.remove"), _, who):
            return NameMember(member=people[who].pk)
    return Nothing()


class EventLaw(TestCase):
    """Copies of a topic that are kept up equal the topic."""

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(is_public=st.booleans(), taken=st.lists(steps, max_size=16))
    @example(is_public=True, taken=INTERPLAY)
    @example(is_public=False, taken=INTERPLAY)
    def test_copy_from_anywhere_is_kept_up(self, *, is_public: bool, taken: list[Step]) -> None:
        """From every position in the log."""
        witness = factories.member(name="Who made the room and only looks on")
        people = [factories.member(name=f"P {n}", is_moderator=n == 0) for n in range(PEOPLE)]
        made = do(witness, "channel.create", "", CreateChannel(name="A", is_public=is_public))
        channel = Channel.objects.get(pk=made["id"])
        for person in people[:2]:
            do(witness, "member.add", channel.topic, NameMember(member=person.pk))
            do(person, "message.post", channel.topic, PostMessage(text="Tere!"))
        topics = [channel.topic, *(f"member:{person.pk}" for person in people)]
        readers = [witness, *people]
        copies = [self.copies_of(topics, readers)]
        for step in taken:
            writes._buckets.clear()
            before = [position(topic) for topic in topics]
            try:
                do(people[step[1]], step[0], channel.topic, data_of(step, channel, people))
            except Refusal:
                assert [position(topic) for topic in topics] == before
            copies.append(self.copies_of(topics, readers))
        for number, kept in enumerate(copies):
            for topic, (seq, state), (_, fresh) in zip(topics, kept, copies[-1], strict=True):
                assert kept_up(state, topic, log(topic, seq)) == fresh
                if number % 4 == 0:
                    # Rows that are newer than their seq, and everything applied twice.
                    events = log(topic, max(seq - 3, 0))
                    assert kept_up(state, topic, events + events) == fresh

    def copies_of(self, topics: list[str], readers: list[Member]) -> list[tuple[int, Any]]:
        """Position and snapshot of each topic, now."""
        pairs = zip(topics, readers, strict=True)
        return [(position(topic), snapshot(reader, topic)) for topic, reader in pairs]


@pytest.fixture
def committed() -> Any:
    """What the hub would be told: every entry that was made without reading the log."""
    facts: list[announce.Commit] = []
    stop = announce.listen(facts.extend)
    yield facts
    stop()


ONE_OF_EACH: list[tuple[str, str, Callable[[Room], Any]]] = [
    ("message.post", "member", lambda r: PostMessage(text="Tere!")),
    ("message.post", "member", lambda r: PostMessage(text="Tere!", reply_to=r.owned)),
    ("message.edit", "member", lambda r: EditMessage(id=r.said, text="**Tere**")),
    ("message.delete", "member", lambda r: DeleteMessage(id=r.said)),
    ("message.react", "owner", lambda r: React(id=r.said, emoji="🎭")),
    ("channel.read", "member", lambda r: ReadChannel(seq=5)),
    ("channel.join", "outsider", lambda r: Nothing()),
    ("channel.leave", "member", lambda r: Nothing()),
    ("channel.edit", "owner", lambda r: DescribeChannel(name="New", purpose="Any")),
    ("channel.create", "outsider", lambda r: CreateChannel(name="Mine")),
    ("member.add", "owner", lambda r: NameMember(member=r.people["removed"].pk)),
    ("member.remove", "owner", lambda r: NameMember(member=r.people["member"].pk)),
    ("profile.change", "member", lambda r: ProfileChange(name="Mirja M.")),
]


def test_every_command_is_under_the_law() -> None:
    own = {command.name for command in commands() if command.kind in {"chat", ""}}
    assert {cmd for cmd, _, _ in ONE_OF_EACH} - {"profile.change"} == own


@pytest.mark.parametrize(("cmd", "who", "data"), ONE_OF_EACH)
def test_fresh_events_say_what_the_log_says(
    make_room: Callable[..., Room],
    committed: list[announce.Commit],
    django_capture_on_commit_callbacks: Any,
    cmd: str,
    who: str,
    data: Callable[[Room], Any],
) -> None:
    """What goes out at once and what is read back a moment later are the same bytes."""
    room = make_room(is_public=True)
    actor = room.people[who]
    kind = next(command.kind for command in commands() if command.name == cmd)
    topic = {"chat": room.topic, "member": f"member:{actor.pk}", "": ""}[kind]
    with django_capture_on_commit_callbacks(execute=True):
        do(actor, cmd, topic, data(room))
    assert committed
    for commit in committed:
        known = [msgspec.json.decode(entry.data) for entry in commit.entries]
        kept = log(commit.topic, commit.seq - len(known))
        assert [data for _, data in kept] == known
        assert [entry.event for entry in commit.entries] == [name for name, _ in kept]
        assert known != []


@pytest.mark.parametrize(("cmd", "who", "data"), ONE_OF_EACH)
def test_events_fit_their_declared_shape(
    make_room: Callable[..., Room], cmd: str, who: str, data: Callable[[Room], Any]
) -> None:
    """Each event's data is exactly its struct, so clients that were generated from it hold."""
    from live.registry import topic_kinds

    room = make_room(is_public=True)
    actor = room.people[who]
    kind = next(command.kind for command in commands() if command.name == cmd)
    topic = {"chat": room.topic, "member": f"member:{actor.pk}", "": ""}[kind]
    do(actor, cmd, topic, data(room))
    for name in (room.topic, f"member:{actor.pk}"):
        events = topic_kinds()[name.partition(":")[0]].events
        for event, said in log(name):
            if not said.get("gone"):
                assert as_json(msgspec.convert(said, events[event])) == said
