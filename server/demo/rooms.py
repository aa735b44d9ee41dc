"""Channels and conversations of the demo, written through the chat's own actions.

The clock of each unit is set to when the words are said to have been written, so log, rows and
pages agree; a room that exists already is left as it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import TypeVar

from django.db import transaction

from base.clock import now
from chat.actions.messages import post_message, react, words
from chat.models import Channel, Membership, Message
from chat.vocabulary import Role
from live.units import append, current, unit
from members.models import Member
from server.demo import reading

BATCH = 250
UNREAD = timedelta(hours=20)
_Row = TypeVar("_Row")


def fill_rooms(people: Mapping[str, Member]) -> list[Channel]:
    """Return the demo's channels, the one for everybody first, made where they are missing."""
    return [_fill_room(room, people) for room in reading.rooms()]


@transaction.atomic
def _fill_room(room: reading.DemoRoom, people: Mapping[str, Member]) -> Channel:
    found = Channel.objects.filter(name=room.name).order_by("id").first()
    if found is not None:
        return found
    at = now()
    opened_at = room.messages[0].posted_at(at) - timedelta(hours=1)
    channel = Channel.objects.create(
        name=room.name, purpose=room.purpose, is_public=room.is_public, created_at=opened_at
    )
    keys = list(people) if room.members is None else room.members
    enter(channel, [people[key] for key in keys], opened_at, owner=people["staff"])
    labels: dict[str, int] = {}
    read_seq = 0
    for said in room.messages:
        message = _say(channel, said, people, labels, at)
        labels[said.label] = message.pk
        if message.posted_at < at - UNREAD:
            read_seq = message.seq
    Membership.objects.filter(channel=channel).update(read_seq=read_seq)
    return channel


def _say(
    channel: Channel,
    said: reading.DemoMessage,
    people: Mapping[str, Member],
    labels: Mapping[str, int],
    at: datetime,
) -> Message:
    """Post one message and what others put on it."""
    posted_at = said.posted_at(at)
    with unit() as opened:
        opened.clock = _fixed(posted_at)
        message = post_message(
            actor=people[said.by],
            channel_id=channel.pk,
            said=words(said.text),
            reply_to=labels[said.reply_to] if said.reply_to else None,
        ).subject
        assert isinstance(message, Message)  # noqa: S101 - what the action promises
        message.language = said.language
    with unit() as opened:
        opened.clock = _fixed(posted_at + timedelta(minutes=2))
        for emoji, keys in said.reactions.items():
            for key in keys:
                react(
                    actor=people[key],
                    channel_id=channel.pk,
                    message_id=message.pk,
                    emoji=emoji,
                    on=True,
                )
    return message


def enter(
    channel: Channel, members: Sequence[Member], at: datetime, owner: Member | None = None
) -> None:
    """Let many into a channel at once, with the events that letting in one by one would say."""
    total = Membership.objects.inside().filter(channel=channel).count()
    for part in _parts(members):
        with unit() as opened:
            opened.clock = _fixed(at)
            opened.lock([channel.topic, *(f"member:{m.pk}" for m in part)], make=True)
            places = []
            for member in part:
                total += 1
                role = Role.OWNER if member == owner else Role.MEMBER
                places.append(_enter(channel, member, role, total))
            Membership.objects.bulk_create(places)


def _enter(channel: Channel, member: Member, role: Role, total: int) -> Membership:
    seq = append(
        topic=channel.topic,
        event="member.joined",
        actor=member,
        data={"member": member.pk, "role": role.value, "total": total},
        check=[member.pk],
    )
    append(
        topic=f"member:{member.pk}",
        event="channel.added",
        actor=member,
        subject=channel,
        data={"read_seq": seq},
    )
    return Membership(
        channel=channel,
        member=member,
        role=role,
        since=0 if channel.is_public else seq,
        read_seq=seq,
        joined_at=current().clock(),
    )


def enter_all(channel: Channel) -> None:
    """Let everybody into a channel who may sign in and is not there yet."""
    inside = Membership.objects.filter(channel=channel).values("member")
    members = Member.objects.all().listed().exclude(pk__in=inside).order_by("id")
    enter(channel, list(members), now())


def fill_messages(channel: Channel, total: int) -> None:
    """Post in a channel until it has so many messages; the words are the demo's, over again."""
    missing = total - Message.objects.filter(channel=channel).count()
    if missing <= 0:
        return
    places = Membership.objects.inside().filter(channel=channel).select_related("member")
    authors = cycle([place.member for place in places.order_by("member_id")[:100]])
    texts = cycle([words(said.text) for room in reading.rooms() for said in room.messages])
    last = Message.objects.filter(channel=channel).order_by("-id").first()
    at = last.posted_at if last else now()
    step = (now() - at) / missing
    turns = list(islice(zip(authors, texts, strict=False), missing))
    for part in _parts(turns):
        with unit() as opened:
            for author, said in part:
                at += step
                opened.clock = _fixed(at)
                post_message(actor=author, channel_id=channel.pk, said=said)


def _fixed(at: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: at


def _parts(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    """The rows in batches, so that a transaction stays short and a statement small."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
