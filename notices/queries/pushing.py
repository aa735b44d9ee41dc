"""Reads of what is to go out by push, and to which browsers."""

from collections import defaultdict
from collections.abc import Collection

import msgspec
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation

from base.clock import now
from members.models import Member
from members.queries import site_settings
from notices.kinds import Facts, kinds
from notices.models import Delivery, Notice, Preferences, Subscription
from notices.pushing import MAX_BODY_BYTES, Push
from notices.queries.lists import facts_of, grouped, is_read
from notices.queries.wishes import language_of, members_to_tell, wishes_of
from notices.rules import route
from notices.vocabulary import Way


def is_push_due() -> bool:
    """Whether something is due by push. One query."""
    return Delivery.objects.filter(way=Way.PUSH, is_settled=False, due_at__lte=now()).exists()


def browsers(member_ids: Collection[int]) -> QuerySet[Subscription]:
    """Browsers that take push for these members and are still signed in, by id."""
    session = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now())
    rows = Subscription.objects.filter(member_id__in=member_ids).order_by("pk")
    return rows.filter(Q(Exists(session)))


def pushes_for(delivery_ids: Collection[int], only: Collection[int] = ()) -> list[Push]:
    """The messages of these deliveries, one per browser and group of notices.

    Left out is what its reader has read meanwhile, may no longer see, or no longer wants so.

    Args:
        delivery_ids: What is due.
        only: Subscriptions; none means all.
    """
    rows = list(
        Notice.objects.filter(
            deliveries__in=delivery_ids, deliveries__way=Way.PUSH, dismissed_at=None
        ).order_by("-pk")
    )
    readers = members_to_tell({row.member_id for row in rows})
    wanted: dict[int, list[tuple[Notice, Facts]]] = defaultdict(list)
    wishes = wishes_of(list(readers.values()))
    moment = now()
    for row, facts in zip(rows, facts_of(rows), strict=True):
        if facts is None or row.member_id not in readers or is_read(row, facts):
            continue
        kind = kinds()[row.kind]
        way = route(wishes[row.member_id], kind=kind.name, defaults=kind.defaults, at=moment)
        if Way.PUSH in way.due:
            wanted[row.member_id].append((row, facts))
    chosen = Preferences.objects.in_bulk(list(wanted))
    taking: dict[int, list[Subscription]] = defaultdict(list)
    for browser in browsers(list(wanted)):
        if not only or browser.pk in only:
            taking[browser.member_id].append(browser)
    site = site_settings()
    found = []
    for member_id, said in wanted.items():
        says = member_id in chosen and chosen[member_id].push_says
        reader = readers[member_id]
        bodies = _bodies(reader, language_of(reader, site), site.name, said, says=says)
        found += [
            Push(each.pk, each.endpoint, each.p256dh, each.auth, body)
            for each in taking[member_id]
            for body in bodies
        ]
    return found


def _bodies(
    reader: Member, language: str, title: str, said: list[tuple[Notice, Facts]], *, says: bool
) -> list[bytes]:
    """What a reader's browsers are to show, in the reader's language."""
    bodies = []
    with translation.override(language):
        for group in grouped(said):
            lines = [group.text, group.excerpt if says else ""]
            message = {
                "title": title,
                "body": "\n".join(line for line in lines if line),
                "url": group.url,
                "tag": f"{reader.pk}:{group.ids[0]}",
                "lang": language,
            }
            body = msgspec.json.encode(message)
            if len(body) <= MAX_BODY_BYTES:
                bodies.append(body)
    return bodies
