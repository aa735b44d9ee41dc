"""The socket's door to moderation: commands and events of ``member:<id>``."""

from collections.abc import Sequence
from typing import Any

from live.models import Event
from live.registry import EventData, Written
from members.events import Card
from members.live import declare_command, declare_event, declare_part
from members.models import Member
from members.queries import member_cards
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


def _present_blocked(events: Sequence[Event]) -> Sequence[EventData | None]:
    cards = member_cards(event.subject for event in events if event.subject)
    found: list[Any] = [cards.get(event.subject or 0) for event in events]
    return [MemberBlocked(member=Card(**card)) if card else None for card in found]


def _present_unblocked(events: Sequence[Event]) -> Sequence[EventData]:
    return [MemberUnblocked(id=event.subject or 0) for event in events]


def _present_filed(events: Sequence[Event]) -> Sequence[EventData | None]:
    rows = Report.objects.in_bulk({event.subject for event in events if event.subject})
    found = [rows.get(event.subject or 0) for event in events]
    return [report_filed(row) if row else None for row in found]


def register() -> None:
    """Tell members' own topics of blocks and reports."""
    declare_command("member.block", BlockMember, _block)
    declare_command("member.unblock", BlockMember, _unblock)
    declare_command("content.report", ReportContent, _report)
    declare_event("member.blocked", MemberBlocked, _present_blocked)
    declare_event("member.unblocked", MemberUnblocked, _present_unblocked)
    declare_event("report.filed", ReportFiled, _present_filed)
    declare_part("blocked", blocked_ids)
