"""Reads of meeting rounds as one who takes part sees them: where one sits, and with whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from base.clock import wire_time
from matchmaking.events.rounds import OwnMeeting, OwnRound, OwnTables
from matchmaking.models import MeetingPlace, MeetingSeat
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
    """Return a meeting as who has a place in it sees it, by place. Two queries.

    The places were loaded with their meetings.
    """
    own = MeetingSeat.objects.filter(place__in=places)
    beside = own.filter(round=OuterRef("round"), table=OuterRef("table"))
    seats = list(
        MeetingSeat.objects.filter(Q(place__in=places) | Exists(beside))
        .order_by("round__number", "place__member")
        .values_list(
            "place_id", "place__member_id", "round_id", "round__number", "round__begun_at",
            "table", "why", named=True,
        )
    )  # fmt: skip
    company: dict[tuple[int, int], list[int]] = defaultdict(list)
    rounds: dict[int, list[OwnRound]] = {place.pk: [] for place in places}
    current = {place.pk: place.meeting.current for place in places}
    for seat in seats:
        company[seat.round_id, seat.table].append(seat.place__member_id)
    cards = {
        pk: Card(**card)
        for pk, card in member_cards(seat.place__member_id for seat in seats).items()
    }
    for seat in seats:
        if seat.place_id not in rounds:
            continue
        others = company[seat.round_id, seat.table] if seat.table is not None else []
        rounds[seat.place_id].append(
            OwnRound(
                number=seat.round__number,
                is_plan=seat.round__number > current[seat.place_id],
                begun_at=wire_time(seat.round__begun_at) if seat.round__begun_at else None,
                table=seat.table,
                others=[cards[pk] for pk in others if pk != seat.place__member_id],
                why=seat.why,
            )
        )
    return {
        place.pk: OwnTables(meeting=own_meeting(place), rounds=rounds[place.pk]) for place in places
    }


def own_tables(member: Member) -> list[OwnTables]:
    """Return the last meetings in which a member takes part, the newest first. Three queries."""
    places = list(places_in_meetings(member)[:MOST_OWN])
    # Most members have none, and every one of them asks on connecting.
    return list(tables_of(places).values()) if places else []


def tables_by_member(meeting_id: int) -> dict[int, OwnTables]:
    """Return a meeting as each who takes part sees it, by member. Three queries."""
    places = MeetingPlace.objects.filter(meeting=meeting_id).select_related("meeting")
    found = tables_of(list(places))
    return {place.member_id: found[place.pk] for place in places}


def tables_of_events(wanted: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], OwnTables]:
    """Return meetings as who takes part sees them, by meeting and member. Three queries."""
    places = MeetingPlace.objects.select_related("meeting").filter(
        meeting__in={pk for pk, _ in wanted}, member__in={pk for _, pk in wanted}
    )
    found = tables_of(list(places))
    return {(place.meeting_id, place.member_id): found[place.pk] for place in places}
