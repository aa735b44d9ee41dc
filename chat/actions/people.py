"""Says behind the write what somebody, or a channel, is called now wherever that shows."""

from collections.abc import Collection

from chat.events.people import PersonChanged
from chat.models import Channel, Membership
from chat.queries.people import rooms_naming
from chat.vocabulary import MAX_RETOLD, Kind
from live.units import append, unit
from members.events import Card
from members.models import Member
from members.queries import member_cards

AT_ONCE = 50


def retell_people(member_ids: Collection[int]) -> int:
    """Say the cards of these members in the rooms that name them; returns the number of events.

    At most `MAX_RETOLD` events, `AT_ONCE` in a transaction, so that nobody waits long to write.
    Doing it again does no harm: an event says what is now.
    """
    told = 0
    for pk, card in member_cards(member_ids).items():
        rooms = rooms_naming(pk)[: MAX_RETOLD - told]
        for start in range(0, len(rooms), AT_ONCE):
            _tell(pk, PersonChanged(member=Card(**card)), rooms[start : start + AT_ONCE])
        told += len(rooms)
    return told


def _tell(member_id: int, said: PersonChanged, rooms: Collection[int]) -> None:
    from chat.tasks import relist_later

    topics = [f"chat:{room}" for room in rooms]
    talks = list(Channel.objects.exclude(kind=Kind.CHANNEL).filter(pk__in=rooms))
    with unit() as opened:
        opened.lock(topics)
        for topic in topics:
            append(
                topic=topic,
                event="person.changed",
                subject=Member(pk=member_id),
                fresh=lambda: said,
            )
        for talk in talks:
            # Whoever is in one is part of what it is called.
            append(topic=talk.topic, event="channel.changed", subject=talk)
        if talks:
            relist_later([talk.pk for talk in talks])


def tell_lists(channel_ids: Collection[int]) -> int:
    """Say to whoever is in these channels what they are now; returns the number of events.

    For the list of rooms that stands beside every page. At most `MAX_RETOLD` events, `AT_ONCE` in
    a transaction; doing it again does no harm.
    """
    inside = Membership.objects.inside().filter(channel__in=channel_ids).order_by("pk")
    told = list(inside.values_list("member_id", "channel_id")[:MAX_RETOLD])
    for start in range(0, len(told), AT_ONCE):
        portion = told[start : start + AT_ONCE]
        with unit() as opened:
            opened.lock([f"member:{member}" for member, _ in portion], make=True)
            for member, channel in portion:
                append(
                    topic=f"member:{member}", event="channel.changed", subject=Channel(pk=channel)
                )
    return len(told)
