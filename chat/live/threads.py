"""The socket's commands about threads and marks of one's own, and what their events show."""

from collections.abc import Collection, Sequence
from typing import Any

from chat.actions import marks, threads
from chat.events.marks import BookmarkChanged, BookmarkMessage
from chat.events.threads import FollowThread, ReadThread, ThreadFollowed
from chat.queries import members_in
from chat.queries.threads import unread_in_threads
from live.models import Event
from live.registry import Command, Derived, EventData, Written, register_command, register_derived
from members.live import declare_event
from members.models import Member


def _follow(actor: Member, channel_id: int, data: FollowThread) -> Written:
    return threads.follow_thread(actor=actor, channel_id=channel_id, message_id=data.id, on=data.on)


def _read(actor: Member, channel_id: int, data: ReadThread) -> Written:
    return threads.read_thread(actor=actor, channel_id=channel_id, message_id=data.id, seq=data.seq)


def _bookmark(actor: Member, channel_id: int, data: BookmarkMessage) -> Written:
    return marks.bookmark_message(
        actor=actor, channel_id=channel_id, message_id=data.id, on=data.on
    )


def _facts(event: Event) -> dict[str, Any]:
    return dict(event.data or {})


def _present_followed(events: Sequence[Event]) -> Sequence[EventData]:
    return [ThreadFollowed(id=e.subject or 0, **_facts(e)) for e in events]


def _present_bookmarks(events: Sequence[Event]) -> Sequence[EventData]:
    return [BookmarkChanged(id=e.subject or 0, **_facts(e)) for e in events]


def _concerned(channel_ids: Collection[int], member_ids: Collection[int]) -> Collection[int]:
    return members_in(channel_ids, member_ids)


def register() -> None:
    """Tell the live core of the commands, of the events, and of unread replies in threads."""
    for command in (
        Command("thread.follow", "chat", FollowThread, _follow),
        Command("thread.read", "chat", ReadThread, _read),
        Command("message.bookmark", "chat", BookmarkMessage, _bookmark),
    ):
        register_command(command)
    declare_event("thread.followed", ThreadFollowed, _present_followed)
    declare_event("bookmark.changed", BookmarkChanged, _present_bookmarks)
    register_derived(
        "member",
        Derived(signal="threads", source="chat", compute=unread_in_threads, concerns=_concerned),
    )
