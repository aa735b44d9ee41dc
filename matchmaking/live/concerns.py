"""Who beside the actor will hear of a command, by its data: asked before anything is locked.

A guess by ids from outside, whose rights nobody has looked at: it locks, and reads nothing out.
"""

from collections.abc import Collection, Iterable
from typing import Any

from live.problems import BIGINT
from matchmaking.access.profiles import keepers_of, own_people_of
from matchmaking.models import ConsortiumSeat, GroupPerson, Introduction, Meeting, MeetingPlace
from matchmaking.vocabulary import MOST_AT_A_MEETING


def _known(*ids: int) -> list[int]:
    return [pk for pk in ids if 0 < pk <= BIGINT]


def _people(houses: Iterable[int]) -> set[int]:
    found = own_people_of(_known(*houses))
    return {member for members in found.values() for member in members}


def of_a_profile(data: Any) -> Collection[int]:
    """The people of the organisation, and who speaks for it. Two queries."""
    return {member for each in keepers_of(_known(data.organisation)).values() for member in each}


def of_a_suggestion(data: Any) -> Collection[int]:
    """The people of both sides. One query."""
    return _people((data.organisation, data.other))


def of_a_proposal(data: Any) -> Collection[int]:
    """The people of both who are proposed to each other. One query."""
    return _people((data.first, data.second))


def of_an_introduction(data: Any) -> Collection[int]:
    """The people of both sides. Two queries."""
    rows = Introduction.objects.filter(pk__in=_known(data.id)).values_list("first", "second")
    return _people(house for pair in rows for house in pair)


def of_a_consortium(data: Any) -> Collection[int]:
    """The people of all its organisations. Two queries."""
    rows = ConsortiumSeat.objects.filter(consortium__in=_known(data.consortium))
    return _people(rows.values_list("organisation_id", flat=True))


def of_a_beginning(data: Any) -> Collection[int]:
    """Those who agreed for their organisations, and all whose suggestions go. Four queries."""
    seats = ConsortiumSeat.objects.filter(consortium__in=_known(data.consortium))
    rows = Introduction.objects.filter(pk__in=_known(data.introduction))
    sides = [
        *seats.values_list("organisation_id", "by_id"),
        *rows.values_list("first_id", "first_by_id"),
        *rows.values_list("second_id", "second_by_id"),
    ]
    speakers = {member for _house, member in sides if member is not None}
    return speakers | _people(house for house, _member in sides)


def of_a_group(data: Any) -> Collection[int]:
    """The group's people. One query."""
    rows = GroupPerson.objects.filter(group__in=_known(data.group))
    return set(rows.values_list("member_id", flat=True))


def of_a_plan(data: Any) -> Collection[int]:
    """Those who are to take part."""
    return _known(*data.members[:MOST_AT_A_MEETING])


def of_a_meeting(data: Any) -> Collection[int]:
    """Who planned it and all who take part, those among them who come only now. Two queries."""
    ids, late = _known(data.meeting), getattr(data, "here", ())[:MOST_AT_A_MEETING]
    hosts = Meeting.objects.filter(pk__in=ids, host__isnull=False).values_list("host_id", flat=True)
    places = MeetingPlace.objects.filter(meeting__in=ids).values_list("member_id", flat=True)
    return {pk for pk in (*hosts, *places, *_known(*late)) if pk is not None}
