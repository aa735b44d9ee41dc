"""What chat tells members that happened while they were elsewhere: replies to them."""

from collections.abc import Sequence

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from base.text import excerpt
from chat.access import foresee
from chat.models import Message
from chat.queries import messages_by_id
from chat.vocabulary import EXCERPT
from jobs.following import Change, following
from live.registry import load_actors
from members.events import Card
from members.queries import member_card
from notices.actions.telling import tell
from notices.kinds import Draft, Facts, Kind, register_kind
from notices.models import Notice
from notices.vocabulary import Way

REPLY = "chat.reply"


def facts_of_messages(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What notices about messages show: nothing of what was deleted or may not be read.

    Seven queries, whatever their number.
    """
    messages = messages_by_id({notice.subject for notice in notices})
    readers = load_actors({notice.member_id for notice in notices})
    pairs = {
        (readers[notice.member_id], message.channel_id)
        for notice in notices
        if (message := messages.get(notice.subject)) and notice.member_id in readers
    }
    places = foresee(pairs)
    found: list[Facts | None] = []
    for notice in notices:
        message = messages.get(notice.subject)
        place = places.get(("chat.place", notice.member_id, message.channel_id if message else 0))
        if message is None or message.deleted_at is not None or place is None:
            found.append(None)
            continue
        channel, membership = place
        address = reverse("chat:channel", args=[channel.pk])
        found.append(
            Facts(
                url=f"{address}?message={message.pk}#m-{message.pk}",
                actor=Card(**member_card(message.author)) if message.author else None,
                place=channel.name,
                excerpt=excerpt(message.text, EXCERPT),
                is_seen=membership is not None and membership.read_seq >= message.seq,
            )
        )
    return found


def _say_reply(facts: Sequence[Facts]) -> str:
    newest = facts[0]
    if len(facts) > 1:
        text = ngettext(
            "%(total)s reply to you in %(room)s", "%(total)s replies to you in %(room)s", len(facts)
        )
        return text % {"total": len(facts), "room": newest.place}
    if newest.actor is None:
        return _("Somebody replied to you in %(room)s") % {"room": newest.place}
    names = {"name": newest.actor.name, "room": newest.place}
    return _("%(name)s replied to you in %(room)s") % names


def replies(message_ids: Sequence[int]) -> list[Draft]:
    """For each of these messages that answers somebody else's, whom to tell. One query."""
    rows = (
        Message.objects.filter(pk__in=message_ids, deleted_at=None, reply_to__author__isnull=False)
        .exclude(reply_to__author=F("author"))
        .values_list("pk", "channel_id", "posted_at", "reply_to__author_id")
        .order_by("pk")
    )
    return [
        Draft(
            member_id=author,
            kind=REPLY,
            key=f"message:{pk}",
            group=f"chat:{channel}",
            subject=pk,
            at=at,
        )
        for pk, channel, at, author in rows
        if author is not None
    ]


@following(name="chat.notices", kinds=("chat",), events=("message.posted",), from_now=True)
def gather(changes: Sequence[Change]) -> None:
    """Tell whom the new messages concern."""
    tell(replies([change.subject for change in changes if change.subject is not None]))


register_kind(
    Kind(
        name=REPLY,
        label=gettext_lazy("Replies to me"),
        icon="reply",
        facts=facts_of_messages,
        say=_say_reply,
        defaults=frozenset({Way.PAGE, Way.DIGEST, Way.PUSH}),
    )
)
