"""Reads of read markers and what lies beyond them.

**Unread** in a channel are the messages beyond the read marker, outside threads, that are neither
deleted nor one's own. They are counted exactly, at a cost that does not grow with their number:
the difference of two messages' ``nth``, less what was deleted and what one said oneself in
between, which an index holds apart.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import (
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from chat.models import Membership, Mention, Message
from chat.vocabulary import MentionKind, Role
from members.models import Member


def unread_count(member: Any) -> Any:
    """The number of unread messages of a membership, for an annotation."""
    there = Message.objects.filter(channel=OuterRef("channel_id")).order_by("-seq")
    beyond = there.filter(seq__gt=OuterRef("read_seq"), thread=None).order_by()
    gone = beyond.filter(deleted_at__isnull=False)
    own = beyond.filter(author=member, deleted_at=None)
    return (
        _first(there)
        - _first(there.filter(seq__lte=OuterRef("read_seq")))
        - _number(gone)
        - _number(own)
    )


def _first(rows: QuerySet[Message]) -> Coalesce:
    return Coalesce(Subquery(rows.values("nth")[:1], output_field=IntegerField()), 0)


def _number(rows: QuerySet[Message]) -> Coalesce:
    counted = rows.values("channel").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_news() -> QuerySet[Membership]:
    """Memberships in channels whose last message lies beyond the read marker."""
    last = Message.objects.filter(channel=OuterRef("channel_id")).order_by("-seq").values("seq")
    return Membership.objects.inside().filter(read_seq__lt=Subquery(last[:1]))


def unread_by_member(member_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Unread messages by member and topic; what is read is left out. One query."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in member_ids}
    rows = with_news().filter(member_id__in=member_ids)
    rows = rows.annotate(unread=unread_count(OuterRef("member_id")))
    for member, channel, unread in rows.values_list("member_id", "channel_id", "unread"):
        if unread > 0:
            found[member][f"chat:{channel}"] = unread
    return found


def mentions_by_member(member_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Unread messages that name a member, their organisation or everybody, by member and topic.

    Those in threads, deleted ones and one's own are left out. One query, which costs with the
    number of mentions of these members.
    """
    found: dict[int, dict[str, int]] = {pk: {} for pk in member_ids}
    place = "message__channel__memberships"
    rows = (
        # In one filter all conditions are about one and the same membership.
        Mention.objects.filter(
            Q(kind=MentionKind.HERE)
            | Q(member_id=F(f"{place}__member_id"))
            | Q(organisation_id=F(f"{place}__member__organisation_id")),
            Q(message__author=None) | ~Q(message__author_id=F(f"{place}__member_id")),
            **{
                f"{place}__member_id__in": member_ids,
                f"{place}__role__in": [role for role in Role if role != Role.OUT],
            },
            message__seq__gt=F(f"{place}__read_seq"),
            message__thread=None,
            message__deleted_at=None,
        )
        .values_list(f"{place}__member_id", "message__channel_id")
        .annotate(total=Count("message_id", distinct=True))
        .order_by()
    )
    for member, channel, total in rows:
        found[member][f"chat:{channel}"] = total
    return found


def read_markers(member: Member) -> dict[str, int]:
    """How far the member has read, by topic: part of the snapshot of ``member:<id>``."""
    rows = Membership.objects.inside().filter(member=member)
    return {f"chat:{pk}": seq for pk, seq in rows.values_list("channel_id", "read_seq")}
