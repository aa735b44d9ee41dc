"""Reads of what is to go out by mail."""

from collections import defaultdict
from datetime import datetime

from base.clock import now
from notices.kinds import Facts, kinds
from notices.models import Delivery, Mailing, Notice
from notices.queries.lists import facts_of, is_read
from notices.queries.wishes import members_to_tell, wishes_of
from notices.rules import route
from notices.vocabulary import DUE_AT_ONCE, MAIL_DELAY, MAIL_PAUSE, MailingKind, Way

MAILS = (Way.MAIL, Way.DIGEST)


def is_mail_due() -> bool:
    """Whether a mail is to be made. One query."""
    return Delivery.objects.filter(
        way__in=MAILS, is_settled=False, mailing=None, due_at__lte=now()
    ).exists()


def due_mail(at: datetime) -> dict[tuple[int, Way], list[int]]:
    """Ids of deliveries that are due by mail, by member and way. Three queries at most.

    With the first that is due go those of the same member that would be within a minute. Who got
    a mail at once a short while ago gets the next a little later, security apart.
    """
    waiting = Delivery.objects.filter(way__in=MAILS, is_settled=False, mailing=None)
    due = list(
        waiting.filter(due_at__lte=at)
        .order_by("due_at")
        .values_list("member_id", "way", "notice__kind")[:DUE_AT_ONCE]
    )
    if not due:
        return {}
    paused = set(
        Mailing.objects.filter(
            member_id__in={member for member, _, _ in due},
            kind=MailingKind.AT_ONCE,
            made_at__gt=at - MAIL_PAUSE,
        ).values_list("member_id", flat=True)
    )
    wanted = {
        (member, Way(way))
        for member, way, kind in due
        if way == Way.DIGEST
        or member not in paused
        or (kind in kinds() and kinds()[kind].is_security)
    }
    found: dict[tuple[int, Way], list[int]] = defaultdict(list)
    rows = waiting.filter(
        member_id__in={member for member, _ in wanted}, due_at__lte=at + MAIL_DELAY
    ).order_by("pk")
    for pk, member, way in rows.values_list("pk", "member_id", "way"):
        if (member, Way(way)) in wanted:
            found[member, Way(way)].append(pk)
    return found


def mailed_notices(mailing: Mailing) -> list[tuple[Notice, Facts]]:
    """What a mail is to say now, the newest first.

    Left out is what its reader has read meanwhile, took off the list, may no longer see, or no
    longer wants this way.
    """
    reader = members_to_tell([mailing.member_id]).get(mailing.member_id)
    if reader is None:
        return []
    way = Way.MAIL if mailing.kind == MailingKind.AT_ONCE else Way.DIGEST
    wishes = wishes_of([reader])[reader.pk]
    rows = list(
        Notice.objects.filter(
            deliveries__mailing=mailing, deliveries__way=way, dismissed_at=None
        ).order_by("-pk")
    )
    moment = now()
    wanted = {
        name
        for name in {row.kind for row in rows} & kinds().keys()
        if way
        in route(
            wishes,
            kind=name,
            defaults=kinds()[name].defaults,
            at=moment,
            is_security=kinds()[name].is_security,
        ).due
    }
    return [
        (row, facts)
        for row, facts in zip(rows, facts_of(rows), strict=True)
        if facts is not None and row.kind in wanted and not is_read(row, facts)
    ]
