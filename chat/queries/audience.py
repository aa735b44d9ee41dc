"""Whom messages concern, and why: read behind the write, for notices.

Invariants: a member is told of a message once, by the strongest reason; nobody is told of what they
may not read, of their own, of somebody whom they block, or against the level that they chose for
the room. ``@here`` in a room of more than ``MAX_HERE`` people tells them only where its author
moderates the room, and then of several that are read together the last one does.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from chat.access import foresee, moderates
from chat.models import Membership, Mention, Message, ThreadPlace
from chat.vocabulary import MAX_HERE, Kind, Level, MentionKind, Role
from live.registry import load_actors
from moderation.access import apart_among


class Reason(IntEnum):
    """Why a message concerns somebody; the least is the strongest."""

    MENTION = 1
    DIRECT = 2
    REPLY = 3
    THREAD = 4
    FOLLOWED = 5


@dataclass(frozen=True, slots=True)
class Concern:
    """A member whom a message concerns."""

    member_id: int
    message_id: int
    channel_id: int
    thread_id: int | None
    reason: Reason
    at: datetime


_Found = dict[tuple[int, int], Reason]


def concerned(posted: Collection[int], edited: Collection[int]) -> list[Concern]:
    """Whom these messages concern, in the order of the messages; of edited ones, whom they name.

    Eleven queries at most, whatever their number; three where the messages concern nobody.
    """
    rows = {
        row.pk: row
        for row in Message.objects.filter(pk__in={*posted, *edited}, deleted_at=None)
        .select_related("channel", "reply_to")
        .order_by("pk")
        .only(
            "channel__kind", "author_id", "thread_id", "posted_at", "seq",
            "reply_to__author_id", "reply_to_id",
        )
    }  # fmt: skip
    found: _Found = {}
    fresh = [rows[pk] for pk in rows.keys() & set(posted)]
    _named(rows, found)
    _answered(fresh, found)
    _following(fresh, found)
    _in_rooms(fresh, found)
    return _let_through(rows, found)


def _note(found: _Found, member_id: int | None, message: Message, reason: Reason) -> None:
    if member_id is None or member_id == message.author_id:
        return
    place = (member_id, message.pk)
    found[place] = min(reason, found.get(place, reason))


def _named(rows: dict[int, Message], found: _Found) -> None:
    mentions = list(Mention.objects.filter(message_id__in=rows))
    for mention in mentions:
        if mention.kind == MentionKind.MEMBER:
            _note(found, mention.member_id, rows[mention.message_id], Reason.MENTION)
    wide = [mention for mention in mentions if mention.kind != MentionKind.MEMBER]
    if not wide:
        return
    people: dict[int, list[Membership]] = defaultdict(list)
    inside = Membership.objects.inside().filter(
        channel_id__in={rows[mention.message_id].channel_id for mention in wide}
    )
    for row in inside.select_related("member").only(
        "channel_id", "member_id", "role", "member__organisation_id", "member__is_moderator"
    ):
        people[row.channel_id].append(row)
    newest = {
        (rows[pk].channel_id, rows[pk].author_id): pk
        for pk in sorted(m.message_id for m in wide if m.kind == MentionKind.HERE)
    }
    for mention in wide:
        message, house = rows[mention.message_id], mention.organisation_id
        there = people[message.channel_id]
        if mention.kind == MentionKind.HERE:
            is_newest = newest[message.channel_id, message.author_id] == message.pk
            is_repeated = len(there) > MAX_HERE and not is_newest
            own = next((row for row in there if row.member_id == message.author_id), None)
            if is_repeated or _is_quiet(message, len(there), own):
                continue
        else:
            there = [row for row in there if row.member.organisation_id == house]
        for row in there:
            _note(found, row.member_id, message, Reason.MENTION)


def _is_quiet(message: Message, inside: int, own: Membership | None) -> bool:
    """Whether ``@here`` tells nobody in a room of so many, from an author with that place in it."""
    if inside <= MAX_HERE:
        return False
    return own is None or not moderates(own.member, message.channel, own)


def is_here_quiet(message: Message) -> bool:
    """Whether a message says ``@here`` and tells nobody, since the room is too large for it.

    Three queries at most, one where it does not say so.
    """
    here = Mention.objects.filter(message=message, kind=MentionKind.HERE)
    if not here.exists():
        return False
    inside = Membership.objects.inside().filter(channel=message.channel_id)
    own = inside.filter(member=message.author_id).select_related("member").first()
    return _is_quiet(message, inside.count(), own)


def _answered(rows: Iterable[Message], found: _Found) -> None:
    for message in rows:
        if message.reply_to is not None:
            _note(found, message.reply_to.author_id, message, Reason.REPLY)


def _following(rows: Iterable[Message], found: _Found) -> None:
    by_root = [(message.thread_id, message) for message in rows if message.thread_id is not None]
    if not by_root:
        return
    roots = {root for root, _ in by_root}
    places = ThreadPlace.objects.filter(root_id__in=roots, is_following=True)
    followers = _together(places.values_list("root_id", "member_id"))
    for root, message in by_root:
        for member in followers[root]:
            _note(found, member, message, Reason.THREAD)


def _in_rooms(rows: Iterable[Message], found: _Found) -> None:
    """Those in conversations, and those who want to hear everything of a room."""
    places = [message for message in rows if message.thread_id is None]
    talks = {m.channel_id for m in places if m.channel.kind != Kind.CHANNEL}
    rooms = {m.channel_id for m in places} - talks
    inside = Membership.objects.inside().values_list("channel_id", "member_id")
    in_talks = _together(inside.filter(channel_id__in=talks) if talks else ())
    in_rooms = _together(inside.filter(channel_id__in=rooms, level=Level.ALL) if rooms else ())
    for message in places:
        for member in in_talks[message.channel_id]:
            _note(found, member, message, Reason.DIRECT)
        for member in in_rooms[message.channel_id]:
            _note(found, member, message, Reason.FOLLOWED)


def _together(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """The second of each pair by the first."""
    found: dict[int, list[int]] = defaultdict(list)
    for first, second in pairs:
        found[first].append(second)
    return found


def _let_through(rows: dict[int, Message], found: _Found) -> list[Concern]:
    if not found:
        return []
    readers = load_actors({member for member, _ in found})
    pairs = {
        (readers[member], rows[message].channel_id)
        for member, message in found
        if member in readers
    }
    places = foresee(pairs)
    authors = {row.author_id for row in rows.values() if row.author_id is not None}
    apart = apart_among({*readers, *authors})
    concerns = []
    for (member, pk), reason in sorted(found.items(), key=lambda each: (each[0][1], each[0][0])):
        message = rows[pk]
        place = places.get(("chat.place", member, message.channel_id))
        if place is None or (member, message.author_id) in apart:
            continue
        if not _wants(place[1]) or _has_read(place[1], message):
            continue
        concerns.append(
            Concern(member, pk, message.channel_id, message.thread_id, reason, message.posted_at)
        )
    return concerns


def _wants(membership: Membership | None) -> bool:
    """Whether a member wants to hear of anything in the room at all."""
    if membership is None:
        return True
    is_quiet = membership.is_muted or membership.level == Level.NOTHING
    return membership.role != Role.OUT and not is_quiet


def _has_read(membership: Membership | None, message: Message) -> bool:
    is_in_room = membership is not None and message.thread_id is None
    return is_in_room and membership is not None and membership.read_seq >= message.seq
