"""Reads of threads inside a channel, and of how far their readers are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from base.clock import wire_time
from chat.access import visible_channels
from chat.events.messages import Replies
from chat.models import Membership, Message, ThreadPlace
from chat.queries.excerpts import excerpts
from chat.queries.marks import author_of
from members.models import Member


def replies_under(message: Message, people: Mapping[int, Any]) -> Replies | None:
    """What stands in the thread under a message; None without a thread. No query.

    Args:
        message: It may be deleted: what was replied stays.
        people: Members by id, the last repliers among them.
    """
    if not message.replies or message.replied_at is None:
        return None
    known = [people.get(pk) for pk in message.repliers or ()]
    return Replies(
        total=message.replies,
        last_at=wire_time(message.replied_at),
        people=[author for each in known if each and (author := author_of(each))],
    )


def _unread() -> Coalesce:
    """Replies beyond a place's marker that are not its member's own."""
    counted = (
        Message.objects.filter(
            thread=OuterRef("root_id"), seq__gt=OuterRef("read_seq"), deleted_at=None
        )
        .exclude(author=OuterRef("member_id"))
        .order_by()
        .values("thread")
        .annotate(total=Count("pk"))
        .values("total")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def followed_threads(member: Member) -> QuerySet[ThreadPlace]:
    """The threads that a member follows and may read, with ``unread``, the newest reply first."""
    return (
        ThreadPlace.objects.filter(
            member=member,
            is_following=True,
            root__replies__gt=0,
            root__channel__in=visible_channels(member),
        )
        .annotate(unread=_unread())
        .select_related("root__author__organisation", "root__reply_to__author", "root__channel")
        .order_by("-root__replied_at", "-root_id")
    )


@dataclass(frozen=True)
class UnreadThread:
    """A thread that its member follows and has not read to the end.

    Attributes:
        topic: ``"chat:<id>/<root>"``, as the signal of unread threads names it.
        excerpt: One line of the message under which it stands.
    """

    root: Message
    topic: str
    excerpt: str
    unread: int


def unread_threads(member: Member, *, limit: int) -> list[UnreadThread]:
    """The followed threads with unread replies, the one with the newest first.

    One query, two more for roots without a text.
    """
    rows = list(followed_threads(member).filter(Q(unread__gt=0))[:limit])
    lines = excerpts(row.root for row in rows)
    return [
        UnreadThread(
            row.root,
            f"{row.root.channel.topic}/{row.root_id}",
            lines[row.root_id],
            getattr(row, "unread", 0),
        )
        for row in rows
    ]


def unread_in_threads(member_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Unread replies in followed threads, by member and ``"chat:<id>/<root>"``. One query.

    One's own replies do not count, nor threads of channels that one is not in.
    """
    found: dict[int, dict[str, int]] = {pk: {} for pk in member_ids}
    inside = Membership.objects.inside().filter(
        channel=OuterRef("root__channel_id"), member=OuterRef("member_id")
    )
    rows = (
        ThreadPlace.objects.filter(Exists(inside), member__in=member_ids, is_following=True)
        .annotate(unread=_unread())
        .filter(unread__gt=0)
        .values_list("member_id", "root__channel_id", "root_id", "unread")
    )
    for member, channel, root, unread in rows:
        found[member][f"chat:{channel}/{root}"] = unread
    return found


def thread_place(member: Member, root: Message) -> ThreadPlace | None:
    """The member's place in the thread under a message. One query."""
    return ThreadPlace.objects.filter(root=root, member=member).first()
