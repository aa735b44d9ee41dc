"""Reads of meeting rounds: as the engine takes them, and as they are shown."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

import numpy as np
from django.db.models import Count, Q, QuerySet
from numpy.typing import NDArray

from base.clock import now, wire_time
from matchmaking.engine.rounds import Event, Person, Round, Waiting, Why
from matchmaking.events.rounds import MeetingState, RoundNow, TableNow, WaitingNow
from matchmaking.models import Meeting, MeetingPlace, MeetingRound, MeetingSeat
from matchmaking.queries.market import current_market
from members.access import Actor, visible_members
from members.events import Card
from members.models import Member
from members.queries import member_card
from members.vocabulary import Purpose
from moderation.access import apart_among

Fits = NDArray[np.float64]
MOST_SHOWN = 50
SOURCE = "en"
"""What a member speaks of whom nothing is known: the language in which the site is written."""


def places_of(meeting: Meeting) -> QuerySet[MeetingPlace]:
    """Return who takes part, by the member's name, with what shows them."""
    places = MeetingPlace.objects.filter(meeting=meeting)
    return places.select_related("member__organisation").order_by("member__name", "member")


def may_take_part(actor: Actor, ids: Collection[int]) -> list[int]:
    """Return those of the ids that are members whom the actor may see, ascending. One query."""
    return list(
        visible_members(actor).filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
    )


def consenting(actor: Actor, most: int) -> list[int]:
    """Return members who agreed to suggestions of partners, at most so many. One query."""
    rows = visible_members(actor).consenting(Purpose.MATCHING).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:most])


def as_event(meeting: Meeting) -> Event:
    """Return a meeting with the rounds that have begun, as the engine takes it. Four queries."""
    places = list(
        MeetingPlace.objects.filter(meeting=meeting).select_related("member__organisation")
    )
    ids = {place.member_id for place in places}
    people = sorted((_person(place.member) for place in places), key=lambda person: person.id)
    rounds = _begun_rounds(meeting)
    apart = frozenset((min(pair), max(pair)) for pair in apart_among(ids))
    here = frozenset(place.member_id for place in places if place.is_here)
    return Event(tuple(people), here, meeting.size, rounds, apart)


def _person(member: Member) -> Person:
    house = member.organisation
    country = (house.country if house else "") or member.country
    spoken: list[str] = member.languages or [member.locale or SOURCE]
    # A regional form is understood by who speaks another of the same language.
    return Person(member.pk, country, frozenset(tag.partition("-")[0] for tag in spoken))


def rounds_of(meeting: Meeting) -> list[MeetingRound]:
    """Return the rounds of a meeting in order, with seats and people. Two queries."""
    seats = MeetingSeat.objects.select_related("place__member__organisation")
    rows = MeetingRound.objects.filter(meeting=meeting).order_by("number")
    found = {row.pk: row for row in rows}
    by_round: dict[int, list[MeetingSeat]] = defaultdict(list)
    for seat in seats.filter(round__in=found).order_by("table", "place__member"):
        by_round[seat.round_id].append(seat)
    for pk, row in found.items():
        row.__dict__["_prefetched_objects_cache"] = {"seats": by_round[pk]}
    return list(found.values())


def _begun_rounds(meeting: Meeting) -> tuple[Round, ...]:
    """The rounds that have begun, as the engine takes them. Two queries, without the people."""
    begun = MeetingRound.objects.filter(meeting=meeting, number__lte=meeting.current)
    seats = MeetingSeat.objects.filter(round__in=begun)
    tables: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    waiting: dict[int, list[Waiting]] = defaultdict(list)
    for row, pk, table, why in seats.order_by("place__member").values_list(
        "round_id", "place__member_id", "table", "why"
    ):
        if table is None:
            waiting[row].append(Waiting(pk, Why(why), 1))
        else:
            tables[row][table].append(pk)
    return tuple(
        Round(tuple(sorted(map(tuple, tables[row].values()))), tuple(waiting[row]), is_proven)
        for row, is_proven in begun.order_by("number").values_list("pk", "is_proven")
    )


def fits_of(event: Event) -> Fits:
    """Return how well each of the people fits each, by what their organisations look for.

    Who has no matching profile that counts fits everybody equally little. Two queries.
    """
    houses: dict[int, int | None] = dict(
        Member.objects.filter(pk__in=[person.id for person in event.people])
        .exclude(organisation=None)
        .values_list("pk", "organisation_id")
    )
    rows: dict[int, list[int]] = defaultdict(list)
    for row, person in enumerate(event.people):
        if person.id in houses:
            rows[houses[person.id] or 0].append(row)
    found = np.zeros((len(event.people), len(event.people)))
    market = current_market()
    known = sorted(house for house in rows if house in market)
    mutual = market.mutual(known, now().timestamp())
    for one, own in enumerate(known):
        for other, theirs in enumerate(known):
            found[np.ix_(rows[own], rows[theirs])] = mutual[one, other]
    return found


def meeting_states(ids: Collection[int]) -> dict[int, MeetingState]:
    """Return meetings in short, by id. Two queries."""
    here = Count("places", filter=Q(places__is_here=True))
    rows = Meeting.objects.filter(pk__in=ids).annotate(taking_part=Count("places"), here=here)
    seats = MeetingSeat.objects.filter(round__meeting__in=ids, table=None)
    waiting: Counter[tuple[int, int]] = Counter(
        seats.values_list("round__meeting_id", "round__number")
    )
    rounds = Counter(
        MeetingRound.objects.filter(meeting__in=ids).values_list("meeting_id", flat=True)
    )
    return {
        row.pk: MeetingState(
            id=row.pk,
            title=row.title,
            size=row.size,
            current=row.current,
            rounds=rounds[row.pk],
            taking_part=row.taking_part,
            here=row.here,
            waiting=waiting[row.pk, row.current],
        )
        for row in rows
    }


def own_meetings(member: Member) -> list[MeetingState]:
    """Return the last meetings that a member planned, the newest first. Four queries."""
    ids = list(Meeting.objects.filter(host=member).values_list("pk", flat=True)[:MOST_SHOWN])
    states = meeting_states(ids) if ids else {}
    return [states[pk] for pk in ids]


def shown_rounds(meeting: Meeting) -> list[RoundNow]:
    """Return the rounds of a meeting in order, as they are shown. Two queries."""
    times: Counter[int] = Counter()
    found = []
    for row in rounds_of(meeting):
        tables: dict[int, list[Card]] = defaultdict(list)
        waiting = []
        for seat in row.seats.all():
            card = Card(**member_card(seat.place.member))
            if seat.table is None:
                times[card.id] += 1
                waiting.append(WaitingNow(member=card, why=seat.why, times=times[card.id]))
            else:
                tables[seat.table].append(card)
        found.append(
            RoundNow(
                number=row.number,
                is_plan=row.number > meeting.current,
                begun_at=wire_time(row.begun_at) if row.begun_at else None,
                is_proven=row.is_proven,
                tables=[TableNow(table=n, members=tables[n]) for n in sorted(tables)],
                waiting=waiting,
            )
        )
    return found


def as_rows(rounds: Sequence[RoundNow]) -> list[tuple[str, ...]]:
    """Return one row per person and round: round, table, name, organisation, country."""
    rows: list[tuple[str, ...]] = []
    for each in rounds:
        seats = [(str(table.table), card) for table in each.tables for card in table.members]
        seats += [("", one.member) for one in each.waiting]
        rows += [
            (str(each.number), table, card.name, card.organisation, card.country)
            for table, card in seats
        ]
    return rows
