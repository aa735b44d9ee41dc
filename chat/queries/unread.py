"""What a member has not read yet: every channel with news, and the newest of it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, OuterRef, Q, Subquery

from chat.events import MessagePosted
from chat.models import Message
from chat.queries.channels import channel_rows
from chat.queries.messages import messages_with_people, shown
from chat.queries.reading import mentions_by_member, unread_count, with_news
from members.models import Member

CONTEXT = 5


@dataclass(frozen=True)
class UnreadChannel:
    """A channel with what is unread there.

    Attributes:
        channel: The channel as its member's list shows it, with ``unread`` and ``mentions``.
        messages: The newest five unread messages, the oldest first.
    """

    channel: dict[str, Any]
    messages: list[MessagePosted]


def unread_channels(member: Member, *, limit: int) -> list[UnreadChannel]:
    """The member's channels with unread messages, the one with the newest first; muted ones last.

    Constant number of queries, whatever the number of channels and messages.
    """
    there = Message.objects.filter(channel=OuterRef("channel_id"))
    unread = there.filter(seq__gt=OuterRef("read_seq"), thread=None, deleted_at=None)
    unread = unread.exclude(author=member).order_by("-pk")
    rows = (
        with_news()
        .filter(member=member)
        .select_related("channel__organisation")
        .annotate(
            unread=unread_count(member.pk),
            newest=Subquery(unread.values("pk")[:1], output_field=IntegerField()),
            fifth=Subquery(
                unread.values("seq")[CONTEXT - 1 : CONTEXT], output_field=IntegerField()
            ),
        )
        .order_by("is_muted", "-newest")
    )
    places = [row for row in rows if row.unread > 0][:limit]
    if not places:
        return []
    wanted = Q()
    for place in places:
        wanted |= Q(channel=place.channel_id, seq__gte=place.fifth or place.read_seq + 1)
    found: dict[int, list[MessagePosted]] = {}
    newest = messages_with_people().filter(wanted, thread=None, deleted_at=None)
    ordered = list(newest.exclude(author=member).order_by("pk"))
    for message, said in zip(ordered, shown(ordered), strict=True):
        found.setdefault(message.channel_id, []).append(said)
    mentions = mentions_by_member([member.pk])[member.pk]
    listed = channel_rows(member, [place.channel for place in places])
    return [
        UnreadChannel(
            row | {"mentions": mentions.get(row["topic"], 0)}, found.get(row["id"], [])[-CONTEXT:]
        )
        for row in listed
    ]


def waiting_by_member(member_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What waits for members: ``{unread, mentions}``.

    ``unread`` counts the unread messages of all channels that are not muted, ``mentions`` those
    that name the member, by topic. Two queries.
    """
    rows = with_news().filter(member_id__in=member_ids, is_muted=False)
    rows = rows.annotate(unread=unread_count(OuterRef("member_id")))
    totals = dict.fromkeys(member_ids, 0)
    for member, unread in rows.values_list("member_id", "unread"):
        totals[member] += max(unread, 0)
    mentions = mentions_by_member(member_ids)
    return {pk: {"unread": totals[pk], "mentions": mentions[pk]} for pk in member_ids}
