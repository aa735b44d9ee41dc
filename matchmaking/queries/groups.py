"""Reads of project groups, and what the analysis of cooperation may count of them."""

from collections import defaultdict
from collections.abc import Collection
from itertools import combinations
from typing import NamedTuple

from base.clock import wire_time
from matchmaking.access.groups import groups_of
from matchmaking.access.profiles import counting
from matchmaking.events.groups import GroupNow, TaskNow
from matchmaking.models import GroupHouse, GroupPerson, GroupTask, ProjectGroup
from matchmaking.vocabulary import TaskState
from members.events import Card
from members.models import Member
from members.queries import member_card
from members.queries.organisations import organisation_card

MOST_SHOWN = 50
_ORDER = {state: number for number, state in enumerate(TaskState.values)}


def group_states(ids: Collection[int]) -> dict[int, GroupNow]:
    """Return groups as their people see them, by id. Four queries."""
    houses, people, tasks = defaultdict(list), defaultdict(list), defaultdict(list)
    for house in GroupHouse.objects.filter(group__in=ids).select_related("organisation"):
        houses[house.group_id].append(organisation_card(house.organisation))
    for person in GroupPerson.objects.filter(group__in=ids).select_related("member__organisation"):
        people[person.group_id].append(Card(**member_card(person.member)))
    for task in GroupTask.objects.filter(group__in=ids):
        tasks[task.group_id].append(task)
    return {
        row.pk: GroupNow(
            id=row.pk,
            title=row.title,
            channel=row.channel_id,
            organisations=houses[row.pk],
            people=people[row.pk],
            tasks=[
                TaskNow(id=task.pk, title=task.title, who=task.who_id, state=task.state)
                for task in sorted(tasks[row.pk], key=lambda t: (_ORDER[t.state], t.position, t.pk))
            ],
            made_at=wire_time(row.made_at),
            ends_on=row.ends_on.isoformat() if row.ends_on else None,
            is_closed=row.closed_at is not None,
        )
        for row in ProjectGroup.objects.filter(pk__in=ids)
    }


def own_groups(member: Member) -> list[GroupNow]:
    """Return the groups in which a member takes part, the newest first; at most 50."""
    ids = list(groups_of(member).values_list("pk", flat=True)[:MOST_SHOWN])
    states = group_states(ids) if ids else {}
    return [states[pk] for pk in ids]


def people_of_groups(ids: Collection[int]) -> dict[int, set[int]]:
    """Return who takes part, by the group's id. One query."""
    found: dict[int, set[int]] = {pk: set() for pk in ids}
    for group, member in GroupPerson.objects.filter(group__in=ids).values_list(
        "group_id", "member_id"
    ):
        found[group].add(member)
    return found


class CooperatingPair(NamedTuple):
    """Two organisations that work together in a group, the lower id first."""

    first: int
    second: int
    group: int


def cooperating_pairs() -> list[CooperatingPair]:
    """Return pairs of organisations of one group that both let themselves be counted. Two queries.

    An organisation does while its matching profile counts: its contact consents. Groups that are
    ended are counted too: what was done together stays done.
    """
    willing = set(counting().values_list("pk", flat=True))
    houses: dict[int, list[int]] = defaultdict(list)
    for group, house in GroupHouse.objects.order_by("group", "organisation").values_list(
        "group_id", "organisation_id"
    ):
        if house in willing:
            houses[group].append(house)
    return [
        CooperatingPair(first, second, group)
        for group, members in houses.items()
        for first, second in combinations(members, 2)
    ]
