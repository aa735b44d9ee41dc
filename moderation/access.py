"""Who blocks whom, and who may see reports: the only door for ids from outside."""

from collections.abc import Collection
from typing import Any, TypeGuard

from django.db.models import Exists, Q

from base.errors import Forbidden, NotFound
from members.access import Actor, is_member, visible_members
from members.models import Member
from moderation.models import Block, Report


def blocks(blocker_id: int, other_id: int) -> bool:
    """Whether the first has blocked the second. One query."""
    return Block.objects.filter(blocker_id=blocker_id, blocked_id=other_id).exists()


def is_apart(first_id: int, second_id: int) -> bool:
    """Whether either has blocked the other. One query."""
    return bool(apart_from(first_id, [second_id]))


def apart(one: Any, other: Any) -> Exists:
    """Whether either blocked the other, as a condition; each is a member or an `OuterRef`."""
    either = Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    return Exists(Block.objects.filter(either))


def blocked_by(blocker_id: int) -> frozenset[int]:
    """All whom a member has blocked. One query."""
    rows = Block.objects.filter(blocker_id=blocker_id)
    return frozenset(rows.values_list("blocked_id", flat=True))


def blockers_of(blocked_id: int, among: Collection[int]) -> frozenset[int]:
    """Those of ``among`` who have blocked the member: they hear nothing of them. One query."""
    if not among:
        return frozenset()
    rows = Block.objects.filter(blocked_id=blocked_id, blocker_id__in=among)
    return frozenset(rows.values_list("blocker_id", flat=True))


def apart_from(member_id: int, among: Collection[int]) -> frozenset[int]:
    """Those of ``among`` who blocked the member or whom the member blocked. One query."""
    if not among:
        return frozenset()
    either = Q(blocker_id=member_id, blocked_id__in=among)
    either |= Q(blocked_id=member_id, blocker_id__in=among)
    pairs = Block.objects.filter(either).values_list("blocker_id", "blocked_id")
    return frozenset(pk for pair in pairs for pk in pair if pk != member_id)


def all_apart(member_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """By member all whom they block or who block them; who has none is left out. One query."""
    either = Q(blocker_id__in=member_ids) | Q(blocked_id__in=member_ids)
    found: dict[int, set[int]] = {}
    for pair in Block.objects.filter(either).values_list("blocker_id", "blocked_id"):
        for pk, other in (pair, pair[::-1]):
            found.setdefault(pk, set()).add(other)
    return {pk: frozenset(others) for pk, others in found.items() if pk in member_ids}


def apart_among(member_ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """All ``(blocker, blocked)`` among these members. One query."""
    if len(member_ids) < 2:  # noqa: PLR2004 - a pair
        return frozenset()
    rows = Block.objects.filter(blocker_id__in=member_ids, blocked_id__in=member_ids)
    return frozenset(rows.values_list("blocker_id", "blocked_id"))


def blockable(actor: Member, member_id: int) -> Member:
    """The member with this id, for blocking; also one who is suspended or hidden from lists.

    Raises:
        NotFound: there is none, or it is the actor, or the actor could not know them.
    """
    known = Q(pk=member_id) & (Q(pk__in=visible_members(actor)) | Q(blocked_by__blocker=actor))
    member = Member.objects.filter(known).exclude(pk=actor.pk).distinct().first()
    if member is None or not is_member(actor):
        raise NotFound
    return member


def is_moderator(actor: Actor) -> TypeGuard[Member]:
    """Whether the actor looks after the site's conversations."""
    return is_member(actor) and (actor.is_moderator or actor.is_staff)


def require_moderator(actor: Actor) -> None:
    """Let moderators and staff through.

    Raises:
        Forbidden: for everybody else.
    """
    if not is_moderator(actor):
        raise Forbidden


def report_for(actor: Actor, report_id: int) -> Report:
    """One's own report, or as a moderator any.

    Raises:
        NotFound: there is none for this actor.
    """
    rows = Report.objects.filter(pk=report_id)
    if not is_moderator(actor):
        rows = rows.filter(reporter_id=actor.pk or 0)
    found = rows.first()
    if found is None:
        raise NotFound
    return found
