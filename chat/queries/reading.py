"""Reads of read markers and what lies beyond them."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from chat.models import Membership, Message
from members.models import Member


def unread_count(member: Any) -> Coalesce:
    """The number of messages beyond the read marker that are not one's own."""
    counted = (
        Message.objects.filter(
            channel=OuterRef("channel_id"), seq__gt=OuterRef("read_seq"), deleted_at=None
        )
        .exclude(author=member)
        .order_by()
        .values("channel")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def unread_by_member(member_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Unread messages by member and topic; what is read is left out. One query."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in member_ids}
    rows = (
        Membership.objects.inside()
        .filter(member_id__in=member_ids)
        .annotate(unread=unread_count(OuterRef("member_id")))
        .filter(unread__gt=0)
    )
    for member, channel, unread in rows.values_list("member_id", "channel_id", "unread"):
        found[member][f"chat:{channel}"] = unread
    return found


def read_markers(member: Member) -> dict[str, int]:
    """How far the member has read, by topic: part of the snapshot of ``member:<id>``."""
    rows = Membership.objects.inside().filter(member=member)
    return {f"chat:{pk}": seq for pk, seq in rows.values_list("channel_id", "read_seq")}
