"""The event law: an old snapshot and the events since are the fresh snapshot, from anywhere.

Hypothesis makes up what people do; after each step a copy of every topic is taken. In the end
each copy, kept up with the log, must equal a fresh snapshot: also one whose ``seq`` is older than
its rows, and one that applies an event twice.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from base.clock import now
from base.errors import Refusal
from chat.actions.people import retell_people
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
    StartConversation,
)
from chat.events.keeping import ArchiveChannel, ChangeRole, EnterByLink
from chat.events.languages import MarkMessage
from chat.events.marks import BookmarkMessage, UnreadFrom
from chat.events.messages import ForwardMessage, PinMessage
from chat.events.places import DropSection, PlaceChannel, ReadChannels, SaveSection
from chat.events.previews import RemovePreview
from chat.events.threads import FollowThread, ReadThread
from chat.events.unsent import CancelScheduled, EditScheduled, SaveDraft, ScheduleMessage
from chat.models import Attachment, Channel, Message
from files import limits
from files.actions import take_file
from live import announce
from live.limits import writes
from live.registry import commands
from members.events import ProfileChange
from members.models import Member
from tests import factories
from tests.chat.conftest import Room, do, preview_on
from tests.chat.keys import link_into
from tests.chat.reading import as_json, kept_up, log, position, snapshot
from tests.files.conftest import folder
from tests.files.pictures import picture

__all__ = ["folder"]
PEOPLE = 3
PICTURE = picture("PNG", (8, 6))
LATER = now() + timedelta(days=1)
TEXTS = st.sampled_from(
    ["Tere!", "**Sveiki**", "Hei\n\n- a\n- b", "x" * 300, "Cześć 🎭", "@[P](member:{0}) @here :+1:"]
)
PERSON = st.integers(0, PEOPLE - 1)
WHICH = st.integers(0, 5)
FILES = st.integers(1, 2)
OWN = {"draft.save", "profile.change"}
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
    st.tuples(st.just("message.post"), PERSON, st.tuples(TEXTS, st.just("thread"), WHICH)),
    st.tuples(
        st.just("message.mark"), PERSON, st.tuples(WHICH, st.sampled_from(["et", "de", "x"]))
    ),
    st.tuples(st.just("message.pin"), PERSON, st.tuples(WHICH, st.booleans())),
    st.tuples(st.just("message.forward"), PERSON, st.tuples(WHICH, st.just("") | TEXTS)),
    st.tuples(st.just("thread.follow"), PERSON, st.tuples(WHICH, st.booleans())),
    st.tuples(st.just("channel.unread"), PERSON, WHICH),
    st.tuples(st.just("message.schedule"), PERSON, TEXTS),
    st.tuples(
        st.just("message.post"), PERSON, st.tuples(st.just("") | TEXTS, st.just("files"), FILES)
    ),
    st.tuples(
        st.just("message.edit"), PERSON, st.tuples(WHICH, TEXTS, st.sampled_from(["", "A plan"]))
    ),
    st.tuples(st.just("draft.save"), PERSON, st.tuples(st.just("") | TEXTS, st.none() | WHICH)),
    st.tuples(st.just("channel.read"), PERSON, st.integers(0, 40)),
    st.tuples(st.just("channel.join"), PERSON, st.none()),
    st.tuples(st.just("channel.leave"), PERSON, st.none()),
    st.tuples(st.just("channel.edit"), PERSON, st.sampled_from(["A room", "Another", " Room  3 "])),
    st.tuples(st.just("member.add"), PERSON, PERSON),
    st.tuples(st.just("member.remove"), PERSON, PERSON),
    st.tuples(st.just("profile.change"), PERSON, st.sampled_from(["Õie <O>", "P & Q"])),
)


# What chance finds rarely: several emoji on one message, quotes of what changes afterwards,
# coming back after a removal.
INTERPLAY: list[Step] = [
    ("message.post", 1, ("Hei", 0)),
    ("message.edit", 0, (0, "**Sveiki**")),
    ("message.post", 0, ("Tere!", 1)),
    ("message.delete", 0, 1),
    ("message.post", 0, ("Tere!", None)),
    ("message.post", 0, ("Tere!", None)),
    ("message.delete", 0, 4),
    ("message.react", 0, (0, "🎭", True)),
    ("message.react", 1, (0, "👍", True)),
    ("message.react", 0, (0, "👍", True)),
    ("message.react", 0, (0, "1️⃣", True)),
    ("message.react", 0, (0, "🎭", False)),
    ("message.post", 1, ("@[P](member:{0}) @here :+1:", "thread", 0)),
    ("message.post", 0, ("Tere!", "thread", 0)),
    ("message.delete", 0, 3),
    ("message.edit", 1, (2, "@[P](member:{0}) @here :+1:")),
    ("profile.change", 0, "Õie <O>"),
    ("message.pin", 0, (0, True)),
    ("message.forward", 1, (0, "")),
    ("thread.follow", 1, (0, False)),
    ("channel.unread", 1, 0),
    ("draft.save", 1, ("Tere!", None)),
    ("draft.save", 1, ("", None)),
    ("draft.save", 1, ("Hei", 0)),
    ("message.schedule", 1, "Tere!"),
    ("channel.read", 1, 40),
    ("member.remove", 0, 1),
    ("member.add", 0, 2),
    ("message.post", 2, ("Hei", 1)),
    ("member.add", 0, 1),
    ("message.post", 1, ("", "files", 3)),
    ("message.edit", 1, (-1, "Hei", "A plan")),
    ("message.forward", 0, (-1, "")),
    ("message.post", 0, ("Tere!", -2)),
    ("message.delete", 1, -3),
    ("channel.edit", 0, "Another"),
    ("profile.change", 1, "P & Q"),
    ("channel.leave", 2, None),
    ("channel.join", 2, None),
]


def message_at(channel: Channel, which: int) -> int:
    """The id of one of the channel's messages, or of none."""
    ids = list(Message.objects.filter(channel=channel).values_list("pk", flat=True))
    return ids[which % len(ids)] if ids else 10**9


def naming(text: str, people: Sequence[Member]) -> str:
    """The text, naming one of the people where it names somebody."""
    return text.replace("{0}", str(people[0].pk))


def files_of(person: Member, number: int) -> list[uuid.UUID]:
    """So many ready files of somebody; the third is a picture."""
    limits.announcements._buckets.clear()
    # The picture last: a process of its own draws it.
    contents = [("plan.pdf", b"%PDF-1.4\n"), ("a.txt", b"words\n"), ("me.png", PICTURE)][:number]
    return [
        take_file(actor=person, name=name, size_bytes=len(data), content=BytesIO(data)).pk
        for name, data in contents
    ]


def alts_of(message: int, alt: str) -> dict[str, str]:
    """That description for each file of a message."""
    files = Attachment.objects.filter(message=message).values_list("file_id", flat=True)
    return {str(file): alt for file in files}


def data_of(  # noqa: C901, PLR0911, PLR0912 - one return per command
    step: Step, channel: Channel, people: Sequence[Member]
) -> Any:
    """The data of a step's command."""
    match step:
        case "message.post", _, (text, None):
            return PostMessage(text=naming(text, people))
        case "message.post", _, (text, which):
            return PostMessage(text=text, reply_to=message_at(channel, which))
        case "message.post", _, (text, "thread", which):
            return PostMessage(text=naming(text, people), thread=message_at(channel, which))
        case "message.post", who, (text, "files", number):
            return PostMessage(text=naming(text, people), files=files_of(people[who], number))
        case "message.edit", _, (which, text, alt):
            number = message_at(channel, which)
            return EditMessage(id=number, text=naming(text, people), alts=alts_of(number, alt))
        case "message.mark", _, (which, language):
            return MarkMessage(id=message_at(channel, which), language=language)
        case "message.pin", _, (which, on):
            return PinMessage(id=message_at(channel, which), on=on)
        case "message.forward", _, (which, text):
            return ForwardMessage(channel=channel.pk, id=message_at(channel, which), text=text)
        case "thread.follow", _, (which, on):
            return FollowThread(id=message_at(channel, which), on=on)
        case "channel.unread", _, which:
            return UnreadFrom(id=message_at(channel, which))
        case "message.schedule", _, text:
            return ScheduleMessage(text=text, at=LATER)
        case "draft.save", _, (text, which):
            root = None if which is None else message_at(channel, which)
            return SaveDraft(channel=channel.pk, thread=root, text=text)
        case "message.edit", _, (which, text):
            return EditMessage(id=message_at(channel, which), text=naming(text, people))
        case "message.delete", _, which:
            return DeleteMessage(id=message_at(channel, which))
        case "message.react", _, (which, emoji, on):
            return React(id=message_at(channel, which), emoji=emoji, on=on)
        case "profile.change", _, name:
            return ProfileChange(name=name)
        case "channel.read", _, seq:
            return ReadChannel(seq=seq)
        case "channel.edit", _, name:
            return DescribeChannel(name=name)
        case (("member.add" | "member.remove"), _, who):
            return NameMember(member=people[who].pk)
    return Nothing()


class EventLaw(TestCase):
    """Copies of a topic that are kept up equal the topic."""

    @pytest.mark.slow
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
                actor = people[step[1]]
                topic = f"member:{actor.pk}" if step[0] in OWN else channel.topic
                do(actor, step[0], topic, data_of(step, channel, people))
                if step[0] == "profile.change":
                    retell_people([actor.pk])
            except Refusal:
                assert [position(topic) for topic in topics] == before
            copies.append(self.copies_of(topics, readers))
        logs = {topic: log(topic) for topic in topics}
        for number, kept in enumerate(copies):
            for topic, (seq, state), (_, fresh) in zip(topics, kept, copies[-1], strict=True):
                assert kept_up(state, topic, logs[topic][seq:]) == fresh
                if number % 4 == 0:
                    # Rows that are newer than their seq, and everything applied twice.
                    events = logs[topic][max(seq - 3, 0) :]
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


def waiting(room: Room) -> int:
    """The id of a message of the member that waits for its time."""
    data = ScheduleMessage(text="Tere!", at=LATER)
    return int(do(room.people["member"], "message.schedule", room.topic, data)["id"])


def followed(room: Room) -> int:
    """The id of a message under which the member follows a thread that has more in it."""
    member, owner = room.people["member"], room.people["owner"]
    do(member, "message.post", room.topic, PostMessage(text="One", thread=room.owned))
    do(owner, "message.post", room.topic, PostMessage(text="Two", thread=room.owned))
    return room.owned


def read(room: Room) -> int:
    """The id of a message that the member has read."""
    do(room.people["member"], "channel.read", room.topic, ReadChannel(seq=100))
    return room.said


QUIET = {"link.make", "link.revoke"}
"""Commands that no log hears of: links are rows that their makers look at."""


def section(room: Room) -> int:
    """A section of the member's, with the room in it."""
    member = room.people["member"]
    made = do(member, "section.save", f"member:{member.pk}", SaveSection(name="Rooms"))["id"]
    do(member, "channel.place", room.topic, PlaceChannel(section=made))
    return int(made)


ONE_OF_EACH: list[tuple[str, str, Callable[[Room], Any]]] = [
    ("message.post", "member", lambda r: PostMessage(text="Tere!")),
    ("message.post", "member", lambda r: PostMessage(text="Tere!", reply_to=r.owned)),
    ("message.edit", "member", lambda r: EditMessage(id=r.said, text="**Tere**")),
    ("message.delete", "member", lambda r: DeleteMessage(id=r.said)),
    ("message.react", "owner", lambda r: React(id=r.said, emoji="🎭")),
    ("message.mark", "member", lambda r: MarkMessage(id=r.said, language="fi")),
    ("preview.remove", "member", lambda r: RemovePreview(id=r.said, preview=preview_on(r).pk)),
    ("message.post", "member", lambda r: PostMessage(text="Tere!", thread=r.owned)),
    ("message.post", "member", lambda r: PostMessage(text=f"@[X](member:{r.people['owner'].pk})")),
    ("message.post", "member", lambda r: PostMessage(text="@here @[X](organisation:7) :+1:")),
    ("message.edit", "member", lambda r: EditMessage(id=r.said, text="@here")),
    ("message.pin", "owner", lambda r: PinMessage(id=r.said)),
    ("message.forward", "member", lambda r: ForwardMessage(channel=r.id, id=r.owned)),
    ("message.forward", "member", lambda r: ForwardMessage(channel=r.id, id=r.owned, text="@here")),
    ("message.bookmark", "member", lambda r: BookmarkMessage(id=r.owned)),
    ("message.schedule", "member", lambda r: ScheduleMessage(text="Tere!", at=LATER)),
    ("scheduled.edit", "member", lambda r: EditScheduled(id=waiting(r), text="Hei", at=LATER)),
    ("scheduled.cancel", "member", lambda r: CancelScheduled(id=waiting(r))),
    ("draft.save", "member", lambda r: SaveDraft(channel=r.id, text="Te")),
    ("draft.save", "member", lambda r: SaveDraft(channel=r.id, thread=r.owned, text="Te")),
    ("thread.follow", "member", lambda r: FollowThread(id=r.owned)),
    ("thread.read", "member", lambda r: ReadThread(id=followed(r), seq=100)),
    ("channel.unread", "member", lambda r: UnreadFrom(id=read(r))),
    ("channel.read", "member", lambda r: ReadChannel(seq=5)),
    ("channel.join", "outsider", lambda r: Nothing()),
    ("channel.leave", "member", lambda r: Nothing()),
    ("channel.edit", "owner", lambda r: DescribeChannel(name="New", purpose="Any")),
    ("channel.create", "outsider", lambda r: CreateChannel(name="Mine")),
    ("conversation.start", "member", lambda r: StartConversation(members=[r.people["owner"].pk])),
    (
        "conversation.start",
        "member",
        lambda r: StartConversation(
            members=[r.people["owner"].pk, r.people["staff"].pk], title="Three"
        ),
    ),
    ("channel.place", "member", lambda r: PlaceChannel(is_favourite=True, level="nothing")),
    ("section.save", "member", lambda r: SaveSection(name="Mine")),
    ("section.drop", "member", lambda r: DropSection(id=section(r))),
    ("channels.read", "member", lambda r: ReadChannels(seqs={str(r.id): 5})),
    ("channel.archive", "owner", lambda r: ArchiveChannel()),
    ("channel.edit", "owner", lambda r: DescribeChannel(name="A room", slow_mode_s=60)),
    ("channel.enter", "outsider", lambda r: EnterByLink(token=link_into(r).token)),
    ("member.role", "owner", lambda r: ChangeRole(member=r.people["member"].pk, role="reader")),
    ("member.add", "owner", lambda r: NameMember(member=r.people["removed"].pk)),
    ("member.remove", "owner", lambda r: NameMember(member=r.people["member"].pk)),
    ("profile.change", "member", lambda r: ProfileChange(name="Mirja M.")),
]


def test_every_command_is_under_the_law() -> None:
    own = {command.name for command in commands() if command.kind in {"chat", ""}}
    assert own - {cmd for cmd, _, _ in ONE_OF_EACH} == QUIET


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
    said = data(room)
    with django_capture_on_commit_callbacks(execute=True):
        do(actor, cmd, topic, said)
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
