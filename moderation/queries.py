"""Reads of moderation."""

from django.db.models import QuerySet

from base.clock import wire_time
from members.models import Member
from moderation.events import ReportFiled
from moderation.models import Block, Report


def blocks_of(member: Member) -> QuerySet[Block]:
    """A member's blocks with the people, the newest first."""
    rows = Block.objects.filter(blocker=member).select_related("blocked__organisation")
    return rows.order_by("-id")


def blocked_ids(member: Member) -> list[int]:
    """Whom the member has blocked, sorted: a part of the snapshot of ``member:<id>``."""
    rows = Block.objects.filter(blocker=member).order_by("blocked_id")
    return list(rows.values_list("blocked_id", flat=True))


def reports() -> QuerySet[Report]:
    """All reports with their people, the newest first."""
    return Report.objects.select_related("reporter__organisation", "author__organisation").order_by(
        "-id"
    )


def report_filed(report: Report) -> ReportFiled:
    """A report as its reporter hears of it."""
    return ReportFiled(
        id=report.pk,
        kind=report.kind,
        object=report.object_id,
        reason=report.reason,
        at=wire_time(report.filed_at),
    )
