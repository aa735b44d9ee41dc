"""Telling members something: in batches, behind the write that is the cause."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from base.clock import now
from live.rows import fetch, insert
from live.units import append, current, unit
from notices.kinds import Draft, kinds
from notices.models import Delivery, Notice
from notices.queries import members_to_tell, wishes_of
from notices.rules import Route, route
from notices.vocabulary import TOLD_AT_ONCE

_Key = tuple[int, str, str]


def tell(drafts: Iterable[Draft]) -> None:
    """Store notices that were not told before, with one event for each member concerned.

    For background work, in batches; never in the write that is the cause. Of two that tell the
    same at once one fails with ``IntegrityError`` and finds it told when it comes again.
    """
    wanted: dict[_Key, Draft] = {}
    for draft in drafts:
        if draft.kind in kinds():
            wanted.setdefault((draft.member_id, draft.kind, draft.key), draft)
    ordered = list(wanted.values())
    for start in range(0, len(ordered), TOLD_AT_ONCE):
        with unit():
            _tell(ordered[start : start + TOLD_AT_ONCE])


def _tell(drafts: Collection[Draft]) -> None:
    told = {
        (row.member_id, row.kind, row.key)
        for row in fetch(
            Notice, ("member_id", "kind", "key"), [(d.member_id, d.kind, d.key) for d in drafts]
        )
    }
    fresh = [draft for draft in drafts if (draft.member_id, draft.kind, draft.key) not in told]
    if not fresh:
        return
    wishes = wishes_of(members_to_tell({draft.member_id for draft in fresh}).values())
    moment = now()
    made: list[tuple[Notice, Route]] = []
    for draft in fresh:
        if draft.member_id not in wishes:
            continue
        kind = kinds()[draft.kind]
        way = route(
            wishes[draft.member_id],
            kind=kind.name,
            defaults=kind.defaults,
            at=moment,
            is_security=kind.is_security,
        )
        if way.leads_somewhere:
            made.append((_row(draft, on_page=way.on_page), way))
    _store(made)


def _row(draft: Draft, *, on_page: bool) -> Notice:
    return Notice(
        member_id=draft.member_id,
        kind=draft.kind,
        key=draft.key,
        group=draft.group,
        subject=draft.subject,
        data=dict(draft.data),
        at=draft.at,
        on_page=on_page,
    )


def _store(made: Collection[tuple[Notice, Route]]) -> None:
    insert([notice for notice, _route in made])
    insert(
        [
            Delivery(notice_id=notice.pk, member_id=notice.member_id, way=way, due_at=due)
            for notice, routed in made
            for way, due in routed.due.items()
        ]
    )
    by_member: dict[int, list[int]] = defaultdict(list)
    for notice, routed in made:
        if routed.on_page:
            by_member[notice.member_id].append(notice.pk)
    topics = {f"member:{pk}": ids for pk, ids in by_member.items()}
    # All in one order, as every unit locks them.
    current().lock(list(topics), make=True)
    for topic, ids in topics.items():
        append(topic=topic, event="notice.added", data={"ids": sorted(ids)})
