"""Reads of meeting rounds as one who takes part sees them: where one sits, and with whom."""

from collections import defaultdict

from django.db.models import Exists, OuterRef, QuerySet

from base.clock import wire_time
from matchmaking.events.rounds import OwnMeeting, OwnRound
from matchmaking.models import MeetingPlace, MeetingSeat
from members.events import Card
from members.models import Member
from members.queries import member_card


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


def own_rounds(place: MeetingPlace) -> list[OwnRound]:
    """Return the rounds of a meeting in order, as one who takes part sees them. Two queries."""
    own = MeetingSeat.objects.filter(place=place)
    same_table = own.filter(round=OuterRef("round"), table=OuterRef("table"))
    mates = MeetingSeat.objects.filter(Exists(same_table)).exclude(place=place)
    others: dict[int, list[Card]] = defaultdict(list)
    for seat in mates.select_related("place__member__organisation").order_by("place__member"):
        others[seat.round_id].append(Card(**member_card(seat.place.member)))
    return [
        OwnRound(
            number=seat.round.number,
            is_plan=seat.round.number > place.meeting.current,
            begun_at=wire_time(seat.round.begun_at) if seat.round.begun_at else None,
            table=seat.table,
            others=others[seat.round_id],
            why=seat.why,
        )
        for seat in own.select_related("round").order_by("round__number")
    ]
