"""Reads of notices: what they show now, to their readers, and how many are unread."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import translation

from base.clock import wire_time
from members.access import Actor
from members.models import Member
from members.queries import site_settings
from notices.access import visible_notices
from notices.events import NoticeShown, NoticesNow
from notices.kinds import Facts, kinds
from notices.models import Notice
from notices.queries.wishes import language_of, preferences_of, settings_now
from notices.vocabulary import COUNTED, PAGE_SIZE


@dataclass(frozen=True)
class NoticeGroup:
    """Notices of one kind and group that are shown as one.

    Attributes:
        ids: The newest first.
        text: One sentence, in the active language.
        url: Where to begin: the oldest unread one, else the newest.
        excerpt: Of a single notice; empty for several.
        at: Of the newest.
    """

    ids: list[int]
    icon: str
    text: str
    excerpt: str
    url: str
    actor: Any
    at: datetime
    is_read: bool

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.ids)


@dataclass(frozen=True)
class NoticePage:
    """A stretch of somebody's list, the newest first.

    Attributes:
        shown: With what they are about; what the reader may no longer see is left out.
        before: Where the next, older page begins; None at the end.
    """

    shown: list[tuple[Notice, Facts]]
    before: int | None


def facts_of(notices: Sequence[Notice]) -> list[Facts | None]:
    """What notices are about, by position; None for what is gone or hidden from its reader.

    A constant number of queries per kind.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, notice in enumerate(notices):
        places[notice.kind].append(place)
    found: list[Facts | None] = [None] * len(notices)
    for name, at in places.items():
        kind = kinds().get(name)
        if kind is not None:
            facts = kind.facts([notices[place] for place in at])
            for place, each in zip(at, facts, strict=True):
                found[place] = each
    return found


def is_read(notice: Notice, facts: Facts) -> bool:
    """Whether its reader marked it as read, or saw the thing itself."""
    return notice.read_at is not None or facts.is_seen


def shown_one(notice: Notice, facts: Facts) -> NoticeShown:
    """A notice in the shape of the wire, in the active language. No query."""
    return NoticeShown(
        id=notice.pk,
        kind=notice.kind,
        group=notice.group,
        at=wire_time(notice.at),
        text=kinds()[notice.kind].say([facts]),
        excerpt=facts.excerpt,
        actor=facts.actor,
        url=facts.url,
        read=is_read(notice, facts),
    )


def notice_page(
    actor: Actor, *, before: int | None = None, unread: bool = False, limit: int = PAGE_SIZE
) -> NoticePage:
    """The newest notices of the actor's list, or those before one."""
    rows = visible_notices(actor).order_by("-pk")
    if unread:
        rows = rows.unread()
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    page = found[:limit]
    shown = [(row, facts) for row, facts in zip(page, facts_of(page), strict=True) if facts]
    if unread:
        shown = [(row, facts) for row, facts in shown if not facts.is_seen]
    return NoticePage(shown, page[-1].pk if len(found) > limit else None)


def grouped(shown: Iterable[tuple[Notice, Facts]]) -> list[NoticeGroup]:
    """Notices as the page shows them, in the active language: alike ones as one. No query."""
    together: dict[tuple[str, str, bool], list[tuple[Notice, Facts]]] = defaultdict(list)
    for notice, facts in shown:
        together[notice.kind, notice.group, is_read(notice, facts)].append((notice, facts))
    groups = []
    for (name, _group, read), rows in together.items():
        newest, first = rows[0], rows[0] if read else rows[-1]
        groups.append(
            NoticeGroup(
                ids=[notice.pk for notice, _ in rows],
                icon=kinds()[name].icon,
                text=kinds()[name].say([facts for _, facts in rows]),
                excerpt=newest[1].excerpt if len(rows) == 1 else "",
                url=first[1].url,
                actor=newest[1].actor,
                at=newest[0].at,
                is_read=read,
            )
        )
    return groups


def unread_counts(member_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """``{"unread": n}`` by member: notices that are neither read nor hidden, at most 100.

    One query, and what the kinds need.
    """
    newest = Window(RowNumber(), partition_by=F("member_id"), order_by=F("id").desc())
    rows = list(
        Notice.objects.unread()
        .filter(member_id__in=member_ids)
        .annotate(place=newest)
        .filter(place__lte=COUNTED)
    )
    counts = dict.fromkeys(member_ids, 0)
    for notice, facts in zip(rows, facts_of(rows), strict=True):
        counts[notice.member_id] += facts is not None and not facts.is_seen
    return {pk: {"unread": count} for pk, count in counts.items()}


def notices_now(member: Member) -> NoticesNow:
    """The part ``notices`` of the snapshot of ``member:<id>``. Two queries."""
    newest = Notice.objects.filter(member=member, on_page=True).order_by("-pk")
    return NoticesNow(
        latest=newest.values_list("pk", flat=True).first() or 0,
        settings=settings_now(preferences_of(member)),
    )


def shown_to_readers(notices: Sequence[Notice]) -> dict[int, NoticeShown]:
    """Notices of any members by id, each in its reader's language; hidden ones are left out.

    Two queries, and what the kinds need.
    """
    readers = Member.objects.in_bulk({notice.member_id for notice in notices})
    site = site_settings()
    found: dict[int, NoticeShown] = {}
    for notice, facts in zip(notices, facts_of(notices), strict=True):
        if facts is not None:
            with translation.override(language_of(readers[notice.member_id], site)):
                found[notice.pk] = shown_one(notice, facts)
    return found
