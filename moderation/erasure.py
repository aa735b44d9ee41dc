"""What moderation keeps of people: blocks go; a report stays and names them no more.

What was reported is kept as it was, since moderators must be able to judge it; of an erased member
neither name nor words stay in it, so all that is left is that something was reported, and why.
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q

from base.mentions import without_member
from base.personal import (
    ANONYMISED,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
)
from base.text import excerpt
from moderation.models import Block, Report

AT_ONCE = 100
SUMMARY = 140
"""Characters of a summary that is made anew."""


def export(member_id: int) -> Iterator[ExportFile]:
    """Whom one blocks, by number, and what one reported."""
    blocks = Block.objects.filter(blocker_id=member_id).order_by("pk")
    yield as_json("moderation/blocks.json", blocks.values("blocked_id", "made_at").iterator())
    reports = Report.objects.filter(reporter_id=member_id).order_by("pk")
    columns = ("kind", "object_id", "reason", "note", "filed_at")
    yield as_json("moderation/reports.json", reports.values(*columns).iterator())


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Delete blocks, and take the member out of every report."""
    yield from delete_all(Block.objects.filter(Q(blocker=member_id) | Q(blocked=member_id)))
    last = 0
    while rows := list(Report.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = rows[-1].pk
        changed = [row for row in rows if _take_out(row, member_id)]
        with transaction.atomic():
            for row in changed:
                row.save(update_fields=["reporter", "author", "note", "context"])
        if changed:
            yield


def _take_out(row: Report, member_id: int) -> bool:
    """Take a member out of a report, unsaved; whether there was anything."""
    said = (row.reporter_id, row.author_id, row.note, row.context)
    if row.author_id == member_id:
        row.author = None
    if row.reporter_id == member_id:
        row.reporter, row.note = None, ""
    row.note = without_member(row.note, member_id)
    row.context = _without(row.context, member_id)
    if row.context != said[3]:
        # The summary is made of the words; where they changed, it is made anew.
        text = str(row.context.get("it", {}).get("text", ""))
        row.context = row.context | {"summary": excerpt(text, SUMMARY)}
    return said != (row.reporter_id, row.author_id, row.note, row.context)


def _without(value: Any, member_id: int) -> Any:
    """JSON values as they were, but for what a member wrote and for mentions of them."""
    if isinstance(value, dict):
        own = value.get("author_id") == member_id
        found = {name: _without(part, member_id) for name, part in value.items()}
        return found | ({"author": "", "author_id": None, "text": ""} if own else {})
    if isinstance(value, list):
        return [_without(part, member_id) for part in value]
    return without_member(value, member_id) if isinstance(value, str) else value


register_holdings(
    Holdings(
        name="moderation.reports",
        columns={
            "moderation.Block.blocker": ERASED,
            "moderation.Block.blocked": ERASED,
            "moderation.Report.reporter": ANONYMISED,
            "moderation.Report.author": ANONYMISED,
            "moderation.Report.note": ERASED,
            "moderation.Report.context": ANONYMISED,
            "moderation.Report.kind": kept("the kind of thing, from a closed list"),
            "moderation.Report.address": kept("a path with numbers"),
        },
        export=export,
        erase=erase,
    )
)
