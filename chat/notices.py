"""What chat tells members that happened while they were elsewhere."""

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chat.access import foresee
from chat.models import Membership, Message, RoomCopy, ThreadPlace
from chat.queries import channel_states, messages_by_id, title_of
from chat.queries.audience import Concern, Reason, concerned
from chat.queries.excerpts import excerpts
from chat.vocabulary import COPY_NOTICE, Role
from jobs.following import Change, following
from live.registry import load_actors
from live.rows import fetch
from members.events import Card
from members.queries import member_card
from notices.actions.telling import tell
from notices.kinds import Draft, Facts, Kind, register_kind
from notices.models import Notice
from notices.vocabulary import Way

MENTION, DIRECT, REPLY = "chat.mention", "chat.direct", "chat.reply"
THREAD, MESSAGE = "chat.thread", "chat.message"
KINDS = {
    Reason.MENTION: MENTION,
    Reason.DIRECT: DIRECT,
    Reason.REPLY: REPLY,
    Reason.THREAD: THREAD,
    Reason.FOLLOWED: MESSAGE,
}


def facts_of_messages(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What notices about messages show: nothing of what was deleted or may not be read.

    A constant number of queries.
    """
    messages = messages_by_id({notice.subject for notice in notices})
    readers = load_actors({notice.member_id for notice in notices})
    about = [(notice.member_id, messages.get(notice.subject)) for notice in notices]
    places = foresee(
        {(readers[reader], row.channel_id) for reader, row in about if row and reader in readers}
    )
    states = channel_states({row.channel_id for _, row in about if row})
    read_in_threads = {
        (place.root_id, place.member_id): place.read_seq
        for place in fetch(
            ThreadPlace,
            ("root_id", "member_id"),
            [(row.thread_id, reader) for reader, row in about if row and row.thread_id],
        )
    }
    said = excerpts(messages.values())
    found: list[Facts | None] = []
    for reader, message in about:
        key = ("chat.place", reader, message.channel_id if message else 0)
        place = places.get(key)
        if message is None or message.deleted_at is not None or place is None:
            found.append(None)
            continue
        read = place[1].read_seq if place[1] else 0
        if message.thread_id is not None:
            read = read_in_threads.get((message.thread_id, reader), 0)
        found.append(
            Facts(
                url=_address(message),
                actor=Card(**member_card(message.author)) if message.author else None,
                place=title_of(states[message.channel_id], reader),
                excerpt=said[message.pk],
                is_seen=read >= message.seq,
            )
        )
    return found


def _address(message: Message) -> str:
    if message.thread_id is not None:
        address = reverse("chat:thread", args=[message.channel_id, message.thread_id])
        return f"{address}#m-{message.pk}"
    address = reverse("chat:channel", args=[message.channel_id])
    return f"{address}?message={message.pk}#m-{message.pk}"


def _name(facts: Facts) -> str:
    return facts.actor.name if facts.actor else _("Somebody")


def _say_mention(facts: Sequence[Facts]) -> str:
    if len(facts) == 1:
        text = _("%(name)s mentioned you in %(room)s")
        return text % {"name": _name(facts[0]), "room": facts[0].place}
    text = ngettext(
        "You were mentioned %(total)s time in %(room)s",
        "You were mentioned %(total)s times in %(room)s",
        len(facts),
    )
    return text % {"total": len(facts), "room": facts[0].place}


def _say_direct(facts: Sequence[Facts]) -> str:
    if len(facts) == 1:
        return _("%(name)s wrote to you") % {"name": _name(facts[0])}
    text = ngettext(
        "%(total)s message to you from %(room)s",
        "%(total)s messages to you from %(room)s",
        len(facts),
    )
    return text % {"total": len(facts), "room": facts[0].place}


def _say_reply(facts: Sequence[Facts]) -> str:
    if len(facts) == 1:
        text = _("%(name)s replied to you in %(room)s")
        return text % {"name": _name(facts[0]), "room": facts[0].place}
    text = ngettext(
        "%(total)s reply to you in %(room)s", "%(total)s replies to you in %(room)s", len(facts)
    )
    return text % {"total": len(facts), "room": facts[0].place}


def _say_thread(facts: Sequence[Facts]) -> str:
    if len(facts) == 1:
        text = _("%(name)s replied in a thread that you follow in %(room)s")
        return text % {"name": _name(facts[0]), "room": facts[0].place}
    text = ngettext(
        "%(total)s reply in a thread that you follow in %(room)s",
        "%(total)s replies in a thread that you follow in %(room)s",
        len(facts),
    )
    return text % {"total": len(facts), "room": facts[0].place}


def _say_message(facts: Sequence[Facts]) -> str:
    if len(facts) == 1:
        text = _("%(name)s wrote in %(room)s")
        return text % {"name": _name(facts[0]), "room": facts[0].place}
    text = ngettext(
        "%(total)s new message in %(room)s", "%(total)s new messages in %(room)s", len(facts)
    )
    return text % {"total": len(facts), "room": facts[0].place}


def facts_of_copies(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What notices about copies of rooms show to whose rooms they are still. Two queries."""
    copies = RoomCopy.objects.select_related("channel").in_bulk({n.subject for n in notices})
    owned = {
        (row.channel_id, row.member_id)
        for row in fetch(
            Membership,
            ("channel_id", "member_id"),
            [(row.channel_id, row.member_id) for row in copies.values()],
        )
        if row.role == Role.OWNER
    }
    found: list[Facts | None] = []
    for notice in notices:
        row = copies.get(notice.subject)
        is_theirs = row is not None and row.member_id == notice.member_id
        if row is None or not is_theirs or (row.channel_id, row.member_id) not in owned:
            found.append(None)
            continue
        url = f"{reverse('chat:edit', args=[row.channel_id])}#copies"
        found.append(Facts(url=url, place=row.channel.name))
    return found


def _say_copy(facts: Sequence[Facts]) -> str:
    return _("The copy of %(room)s is ready") % {"room": facts[0].place}


def drafts(concerns: Sequence[Concern]) -> list[Draft]:
    """What is to be told of these."""
    return [
        Draft(
            member_id=each.member_id,
            kind=KINDS[each.reason],
            key=f"message:{each.message_id}",
            group=f"thread:{each.thread_id}" if each.thread_id else f"chat:{each.channel_id}",
            subject=each.message_id,
            at=each.at,
        )
        for each in concerns
    ]


@following(
    name="chat.notices",
    kinds=("chat",),
    events=("message.posted", "message.edited"),
    from_now=True,
)
def gather(changes: Sequence[Change]) -> None:
    """Tell whom messages that were posted or edited concern."""
    posted = {each.subject for each in changes if each.subject and each.event == "message.posted"}
    edited = {each.subject for each in changes if each.subject} - posted
    tell(drafts(concerned(posted, edited)))


def _register(
    name: str,
    label: Promise,
    icon: str,
    say: Callable[[Sequence[Facts]], str],
    defaults: frozenset[Way],
) -> None:
    register_kind(
        Kind(
            name=name,
            label=label,
            icon=icon,
            facts=facts_of_messages,
            say=say,
            defaults=defaults,
        )
    )


_AT_ONCE = frozenset({Way.PAGE, Way.MAIL, Way.PUSH})
_LATER = frozenset({Way.PAGE, Way.DIGEST, Way.PUSH})
_register(DIRECT, gettext_lazy("Messages to me"), "message-circle", _say_direct, _AT_ONCE)
_register(MENTION, gettext_lazy("Mentions of me"), "at-sign", _say_mention, _AT_ONCE)
_register(REPLY, gettext_lazy("Replies to me"), "reply", _say_reply, _LATER)
_register(
    THREAD,
    gettext_lazy("Replies in threads that I follow"),
    "messages-square",
    _say_thread,
    frozenset({Way.PAGE, Way.DIGEST}),
)
_register(
    MESSAGE,
    gettext_lazy("Everything in rooms that I follow fully"),
    "hash",
    _say_message,
    frozenset({Way.PAGE}),
)
register_kind(
    Kind(
        name=COPY_NOTICE,
        label=gettext_lazy("Copies of my rooms"),
        icon="download",
        facts=facts_of_copies,
        say=_say_copy,
        defaults=frozenset({Way.PAGE, Way.PUSH}),
    )
)
