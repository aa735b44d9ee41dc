"""Reads of meeting rounds as one who takes part sees them: where one sits, and with whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from base.clock import wire_time
from matchmaking.events.rounds import OwnMeeting, OwnRound, OwnTables
from matchmaking.models import MeetingPlace, MeetingRound, MeetingSeat
from members.events import Card
from members.models import Member
from members.queries import member_cards

MOST_OWN = 5


def places_in_meetings(member: Member) -> QuerySet[MeetingPlace]:
    """Return a member's places in meetings, the newest meeting first, with the meetings."""
    places = MeetingPlace.objects.filter(member=member)
    return places.select_related("meeting").order_by("-meeting")


def own_meeting(place: MeetingPlace) -> OwnMeeting:
    """Return the meeting of a place, in short. No query where it was loaded with it."""
    row = place.meeting
    return OwnMeeting(
        id=row.pk, title=row.title, size=row.size, current=row.current, is_here=place.is_here
    )


def tables_of(places: Collection[MeetingPlace]) -> dict[int, OwnTables]:
    """Return a meeting as who has a place in it sees it, by place. Three queries.

    The places were loaded with their meetings.
    """
    rows = MeetingSeat.objects.filter(round__meeting__in={place.meeting_id for place in places})
    if len(places) <= MOST_OWN:
        # Of a few their own tables are enough; of many the whole is read quicker.
        own = MeetingSeat.objects.filter(place__in=places)
        beside = own.filter(round=OuterRef("round"), table=OuterRef("table"))
        rows = rows.filter(Q(place__in=places) | Exists(beside))
    seats = list(
        rows.order_by("round__number", "place__member").values_list(
            "place_id", "place__member_id", "round_id", "table", "why"
        )
    )
    rounds = MeetingRound.objects.in_bulk({number for _place, _who, number, *_rest in seats})
    cards = {
        pk: Card(**card) for pk, card in member_cards(who for _place, who, *_rest in seats).items()
    }
    company: dict[tuple[int, int | None], list[Card]] = defaultdict(list)
    for _place, who, number, table, _why in seats:
        company[number, table].append(cards[who])
    current = {place.pk: place.meeting.current for place in places}
    found: dict[int, list[OwnRound]] = {place.pk: [] for place in places}
    for place_id, who, number, table, why in seats:
        if place_id not in found:
            continue
        row = rounds[number]
        others = [] if table is None else company[number, table]
        found[place_id].append(
            OwnRound(
                number=row.number,
                is_plan=row.number > current[place_id],
                begun_at=wire_time(row.begun_at) if row.begun_at else None,
                table=table,
                others=[card for card in others if card.id != who],
                why=why,
            )
        )
    return {
        place.pk: OwnTables(meeting=own_meeting(place), rounds=found[place.pk]) for place in places
    }


def own_tables(member: Member) -> list[OwnTables]:
    """Return the last meetings in which a member takes part, the newest first. Four queries."""
    places = list(places_in_meetings(member)[:MOST_OWN])
    # Most members have none, and every one of them asks on connecting.
    return list(tables_of(places).values()) if places else []


def tables_by_member(meeting_id: int) -> dict[int, OwnTables]:
    """Return a meeting as each who takes part sees it, by member. Four queries."""
    places = MeetingPlace.objects.filter(meeting=meeting_id).select_related("meeting")
    found = tables_of(list(places))
    return {place.member_id: found[place.pk] for place in places}


def tables_of_events(wanted: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], OwnTables]:
    """Return meetings as who takes part sees them, by meeting and member. Four queries."""
    places = MeetingPlace.objects.select_related("meeting").filter(
        meeting__in={pk for pk, _ in wanted}, member__in={pk for _, pk in wanted}
    )
    found = tables_of(list(places))
    return {(place.meeting_id, place.member_id): found[place.pk] for place in places}
