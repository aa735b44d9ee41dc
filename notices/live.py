"""The socket's door to notifications: what ``member:<id>`` says and takes of them."""

from collections.abc import Collection, Sequence
from typing import Any

from live.models import Event
from live.registry import Derived, EventData, Written, register_derived
from live.rows import fetch
from members.live import declare_command, declare_event, declare_part
from members.models import Member
from notices.actions.reading import dismiss_notices, read_notices
from notices.actions.settings import configure
from notices.events import (
    ConfigureNotices,
    DismissNotices,
    NoticeAdded,
    NoticeConfigured,
    NoticeDismissed,
    NoticeRead,
    ReadNotices,
)
from notices.models import Notice, Preferences
from notices.queries import notices_now, settings_now, shown_to_readers, unread_counts
from notices.vocabulary import SHOWN_AT_ONCE


def _facts(event: Event) -> dict[str, Any]:
    return dict(event.data or {})


def _present_added(events: Sequence[Event]) -> Sequence[EventData]:
    """The newest notices of each event, as their readers see them now."""
    ids = [_facts(event)["ids"] for event in events]
    wanted = {pk for each in ids for pk in each[-SHOWN_AT_ONCE:]}
    rows = [row for row in fetch(Notice, ("id",), [(pk,) for pk in wanted]) if not row.dismissed_at]
    shown = shown_to_readers(rows)
    return [
        NoticeAdded(
            notices=[shown[pk] for pk in each[-SHOWN_AT_ONCE:] if pk in shown], latest=each[-1]
        )
        for each in ids
    ]


def _present_read(events: Sequence[Event]) -> Sequence[EventData]:
    return [NoticeRead(**_facts(event)) for event in events]


def _present_dismissed(events: Sequence[Event]) -> Sequence[EventData]:
    return [NoticeDismissed(**_facts(event)) for event in events]


def _present_configured(events: Sequence[Event]) -> Sequence[EventData]:
    rows = Preferences.objects.in_bulk({event.subject or 0 for event in events})
    return [
        NoticeConfigured(settings=settings_now(rows.get(event.subject or 0) or Preferences()))
        for event in events
    ]


def _read(actor: Member, data: ReadNotices) -> Written | None:
    return read_notices(actor=actor, ids=data.ids, up_to=data.up_to, read=data.read)


def _dismiss(actor: Member, data: DismissNotices) -> Written:
    return dismiss_notices(actor=actor, ids=data.ids)


def _configure(actor: Member, data: ConfigureNotices) -> Written:
    return configure(actor=actor, change=data)


def _concerned(_source_ids: Collection[int], _member_ids: Collection[int]) -> Collection[int]:
    """Nobody's count changes without an event on their own topic."""
    return ()


def register() -> None:
    """Tell members' topics what notifications say, take and count."""
    declare_event("notice.added", NoticeAdded, _present_added)
    declare_event("notice.read", NoticeRead, _present_read)
    declare_event("notice.dismissed", NoticeDismissed, _present_dismissed)
    declare_event("notice.configured", NoticeConfigured, _present_configured)
    declare_part("notices", notices_now)
    declare_command("notice.read", ReadNotices, _read)
    declare_command("notice.dismiss", DismissNotices, _dismiss)
    declare_command("notice.configure", ConfigureNotices, _configure)
    register_derived(
        "member", Derived(signal="notices", source="", compute=unread_counts, concerns=_concerned)
    )
