"""Who beside the actor will hear of a command, by its data: asked before anything is locked.

A guess by ids from outside, whose rights nobody has looked at: it locks, and reads nothing out.
"""

from collections.abc import Collection, Iterable
from typing import Any

from live.problems import BIGINT
from matchmaking.access.profiles import own_people_of
from matchmaking.models import ConsortiumSeat, GroupPerson, Introduction


def _known(*ids: int) -> list[int]:
    return [pk for pk in ids if 0 < pk <= BIGINT]


def _people(houses: Iterable[int]) -> set[int]:
    found = own_people_of(_known(*houses))
    return {member for members in found.values() for member in members}


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
    """Those who agreed for their organisations, and take part. Two queries."""
    seats = ConsortiumSeat.objects.filter(consortium__in=_known(data.consortium))
    rows = Introduction.objects.filter(pk__in=_known(data.introduction))
    both = rows.values_list("first_by_id", "second_by_id")
    found = {*seats.values_list("by_id", flat=True), *(pk for pair in both for pk in pair)}
    return {pk for pk in found if pk is not None}


def of_a_group(data: Any) -> Collection[int]:
    """The group's people. One query."""
    rows = GroupPerson.objects.filter(group__in=_known(data.group))
    return set(rows.values_list("member_id", flat=True))
