"""The socket's door to moderation: commands and events of ``member:<id>``."""

from collections.abc import Sequence

from live.models import Event
from live.registry import EventData, Written
from live.showing import by_subject
from members.events import Card
from members.live import declare_command, declare_event, declare_part
from members.models import Member
from members.queries import MemberCard, member_cards
from moderation.actions import block_member, report_content, unblock_member
from moderation.events import (
    BlockMember,
    MemberBlocked,
    MemberUnblocked,
    ReportContent,
    ReportFiled,
)
from moderation.models import Report
from moderation.queries import blocked_ids, report_filed


def _block(actor: Member, data: BlockMember) -> Written:
    return block_member(actor=actor, member_id=data.member)


def _unblock(actor: Member, data: BlockMember) -> Written:
    return unblock_member(actor=actor, member_id=data.member)


def _report(actor: Member, data: ReportContent) -> Written:
    return report_content(
        actor=actor, kind=data.kind, object_id=data.object, reason=data.reason, note=data.note
    )


def _blocked(card: MemberCard) -> MemberBlocked:
    return MemberBlocked(member=Card(**card))


def _present_unblocked(events: Sequence[Event]) -> Sequence[EventData]:
    return [MemberUnblocked(id=event.subject or 0) for event in events]


def register() -> None:
    """Tell members' own topics of blocks and reports."""
    declare_command("member.block", BlockMember, _block)
    declare_command("member.unblock", BlockMember, _unblock)
    declare_command("content.report", ReportContent, _report)
    declare_event("member.blocked", MemberBlocked, by_subject(member_cards, _blocked))
    declare_event("member.unblocked", MemberUnblocked, _present_unblocked)
    declare_event("report.filed", ReportFiled, by_subject(Report.objects.in_bulk, report_filed))
    declare_part("blocked", blocked_ids)
