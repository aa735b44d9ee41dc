"""Writes of moderation. Each runs inside a unit, under the lock of the actor's own topic."""

from datetime import timedelta
from functools import partial

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, TooMany
from base.text import clean_text
from live.credentials import keep_apart
from live.registry import Written
from live.units import append
from members.access import is_member
from members.events import Card
from members.models import Member
from members.queries import member_card
from moderation.access import blockable
from moderation.events import MemberBlocked, MemberUnblocked
from moderation.models import Block, Report
from moderation.queries import report_filed
from moderation.registry import evidence_of
from moderation.vocabulary import MAX_BLOCKS, MAX_NOTE, REPORTS_A_DAY, Reason

DAY = timedelta(days=1)


def block_member(*, actor: Member, member_id: int) -> Written:
    """Block somebody: no direct messages, no notifications of them; they are not told.

    Blocking twice changes nothing.

    Raises:
        NotFound: no such member for this actor, or the actor themselves.
        Conflict: ``moderation.too_many_blocks``, 1,000 are blocked already.
    """
    member = blockable(actor, member_id)
    own = Block.objects.filter(blocker=actor)
    if not own.filter(blocked=member).exists():
        if own.count() >= MAX_BLOCKS:
            raise Conflict(
                code="moderation.too_many_blocks",
                detail=_("You block as many members as one can. Ask the moderators for help."),
            )
        Block.objects.create(blocker=actor, blocked=member)
        append(
            topic=f"member:{actor.pk}",
            event="member.blocked",
            actor=actor,
            subject=member,
            fresh=partial(MemberBlocked, member=Card(**member_card(member))),
        )
        keep_apart(member=actor, other=member)
    return Written(member)


def unblock_member(*, actor: Member, member_id: int) -> Written:
    """Block somebody no more; who is not blocked stays so.

    Raises:
        NotFound: no such member for this actor.
    """
    member = blockable(actor, member_id)
    if Block.objects.filter(blocker=actor, blocked=member).delete()[0]:
        append(
            topic=f"member:{actor.pk}",
            event="member.unblocked",
            actor=actor,
            subject=member,
            fresh=partial(MemberUnblocked, id=member.pk),
        )
        keep_apart(member=actor, other=member)
    return Written(member)


def report_content(
    *, actor: Member, kind: str, object_id: int, reason: str, note: str = ""
) -> Written:
    """Show something to the moderators; it is kept as it is now, with what stands around it.

    Reporting the same thing again gives the first report and changes nothing.

    Raises:
        NotFound: no such thing for this actor.
        Forbidden: not a full member.
        Invalid: no such reason, or a note that is too long.
        TooMany: ``moderation.too_many_reports``, 50 within a day.
    """
    if not is_member(actor):
        raise Forbidden
    evidence = evidence_of(actor, kind, object_id)
    if reason not in Reason.values:
        raise Invalid(fields={"reason": [str(_("Choose a reason."))]})
    note = note.strip()
    clean_text(note, MAX_NOTE, field="note")
    own = Report.objects.filter(reporter=actor)
    report = own.filter(kind=kind, object_id=object_id).first()
    if report is not None:
        return Written(report)
    if own.filter(filed_at__gt=now() - DAY).count() >= REPORTS_A_DAY:
        raise TooMany(
            code="moderation.too_many_reports",
            detail=_("These are many reports for one day. Write to the moderators instead."),
            retry_after_s=3600.0,
        )
    report = Report.objects.create(
        reporter=actor,
        kind=kind,
        object_id=object_id,
        author=evidence.author,
        reason=reason,
        note=note,
        address=evidence.address,
        context={"summary": evidence.summary, **evidence.context},
    )
    append(
        topic=f"member:{actor.pk}",
        event="report.filed",
        actor=actor,
        subject=report,
        fresh=partial(report_filed, report),
    )
    return Written(report)
