"""Writes of project groups: begun, changed, joined, left; tasks on their boards.

What is written on a board is written under the lock of the group's row, so places have no gaps.
"""

from collections.abc import Sequence
from datetime import UTC, timedelta
from functools import partial

from django.utils.translation import gettext as _

from base.clock import now
from base.errors import Conflict, Invalid, NotFound
from base.text import clean_text, excerpt
from chat.actions.channels import leave_channel, let_in
from chat.models import Channel, Membership
from chat.vocabulary import MAX_GROUP, MAX_NAME, Kind, Level, Role
from live.registry import Written
from live.units import append, current
from matchmaking.access.consortia import consortium_for
from matchmaking.access.groups import colleagues_for, group_for, open_group_for, task_in
from matchmaking.access.introductions import introduction_for
from matchmaking.access.profiles import answering_for
from matchmaking.actions.suggestions import let_go_among
from matchmaking.events.groups import BeginGroup, ChangeGroup, GroupChanged, SaveTask
from matchmaking.models import (
    Consortium,
    ConsortiumSeat,
    GroupHouse,
    GroupPerson,
    GroupTask,
    Introduction,
    MarketState,
    ProjectGroup,
)
from matchmaking.queries.groups import group_states
from matchmaking.rules.profiles import date_of
from matchmaking.vocabulary import (
    MOST_GROUP_YEARS,
    MOST_TASKS,
    PROJECT_TITLE,
    RUNNING,
    TASK_TITLE,
    ConsortiumState,
    TaskState,
)
from members.models import Member


def begin_group(*, actor: Member, said: BeginGroup) -> Written:
    """Make a group of an introduction or a consortium; where there is one it is returned.

    Those who agreed for their organisations take part, and the actor.

    Raises:
        NotFound: `not_found`, no such introduction or consortium of this organisation.
        Forbidden: `forbidden`, the actor has no role in it.
        Invalid: `invalid`, not exactly one of both, or the title is too long.
        Conflict: `group.not_agreed`, not all have agreed; `chat.group_full`, more than 20 people.
    """
    answering_for(actor, said.organisation)
    if bool(said.introduction) == bool(said.consortium):
        raise Invalid(fields={"introduction": [_("Say which introduction or consortium.")]})
    if said.introduction:
        return _from_introduction(actor, said)
    return _from_consortium(actor, said)


def _from_introduction(actor: Member, said: BeginGroup) -> Written:
    found = introduction_for(said.organisation, said.introduction)
    row = Introduction.objects.select_for_update().get(pk=found.pk)
    if row.state not in RUNNING:
        raise _not_agreed()
    known = ProjectGroup.objects.filter(introduction=row).first()
    if known is not None:
        return Written(known)
    names = [row.first.organisation.name, row.second.organisation.name]
    half = (PROJECT_TITLE - 3) // 2
    title = said.title or " · ".join(excerpt(name, half) for name in names)
    group = ProjectGroup(introduction=row, title=_title(title))
    return _begun(actor, group, [row.first_id, row.second_id], [row.first_by, row.second_by])


def _from_consortium(actor: Member, said: BeginGroup) -> Written:
    found = consortium_for(said.organisation, said.consortium)
    row = Consortium.objects.select_for_update().get(pk=found.pk)
    if row.state != ConsortiumState.AGREED:
        raise _not_agreed()
    known = ProjectGroup.objects.filter(consortium=row).first()
    if known is not None:
        return Written(known)
    seats = ConsortiumSeat.objects.filter(consortium=row).select_related("by__organisation")
    group = ProjectGroup(consortium=row, title=_title(said.title or row.title))
    houses = [seat.organisation_id for seat in seats]
    return _begun(actor, group, houses, [seat.by for seat in seats])


def _begun(
    actor: Member, group: ProjectGroup, houses: Sequence[int], speakers: Sequence[Member | None]
) -> Written:
    people = {each.pk: each for each in speakers if each is not None and each.is_active}
    people[actor.pk] = actor
    group.channel = Channel.objects.create(
        kind=Kind.GROUP, name=excerpt(group.title, MAX_NAME), is_public=False
    )
    group.save()
    GroupHouse.objects.bulk_create(GroupHouse(group=group, organisation_id=pk) for pk in houses)
    ordered = [people[pk] for pk in sorted(people)]
    GroupPerson.objects.bulk_create(GroupPerson(group=group, member=each) for each in ordered)
    let_in(actor, group.channel, ordered, Role.MEMBER, Level.ALL)
    # Who works together is suggested to each other no more, and a bond between partners' partners.
    MarketState.touch(
        ProjectGroup.objects.filter(pk=group.pk),
        Introduction.objects.filter(group=group),
    )
    let_go_among(houses)
    tell_group(actor, group)
    return Written(group)


def change_group(*, actor: Member, said: ChangeGroup) -> Written:
    """Change what a group is called and until when it runs, end it or take it up again.

    Raises:
        NotFound: `not_found`, no such group of the actor.
        Invalid: `invalid`, no title, or no date within ten years.
    """
    row = ProjectGroup.objects.select_for_update().get(pk=group_for(actor, said.group).pk)
    if isinstance(said.title, str):
        row.title = _title(said.title)
    if isinstance(said.ends_on, str):
        day = date_of(said.ends_on) if said.ends_on else None
        today = now().astimezone(UTC).date()
        latest = today + timedelta(days=366 * MOST_GROUP_YEARS)
        if said.ends_on and (day is None or not today <= day <= latest):
            raise Invalid(fields={"ends_on": [_("Choose a day within ten years from today.")]})
        row.ends_on = day
    if isinstance(said.is_closed, bool) and said.is_closed != (row.closed_at is not None):
        row.closed_at = now() if said.is_closed else None
    row.save(update_fields=["title", "ends_on", "closed_at"])
    tell_group(actor, row)
    return Written(row)


def add_person(*, actor: Member, group_id: int, member_id: int) -> Written:
    """Let a colleague take part; who does already is not told again.

    Raises:
        NotFound: `not_found`, no such group of the actor, or nobody of its organisations.
        Conflict: `group.closed`, it is ended; `group.full`, 20 take part.
    """
    row = open_group_for(actor, group_id)
    member = colleagues_for(row).select_related("organisation").filter(pk=member_id).first()
    if member is None:
        raise NotFound
    people = GroupPerson.objects.filter(group=row)
    if people.filter(member=member).exists():
        return Written(row)
    if people.count() >= MAX_GROUP:
        raise Conflict(code="group.full", detail=_("A group has up to 20 people."))
    GroupPerson.objects.create(group=row, member=member)
    channel = row.channel
    if channel is not None:
        inside = Membership.objects.inside().filter(channel=channel)
        if not inside.filter(member=member).exists():
            let_in(actor, channel, [member], Role.MEMBER, Level.ALL)
    tell_group(actor, row)
    return Written(row)


def leave_group(*, actor: Member, group_id: int) -> Written:
    """Take part no longer, and leave the conversation; one's tasks are nobody's then.

    Raises:
        NotFound: `not_found`, no such group of the actor.
    """
    row = ProjectGroup.objects.select_for_update().get(pk=group_for(actor, group_id).pk)
    GroupPerson.objects.filter(group=row, member=actor).delete()
    GroupTask.objects.filter(group=row, who=actor).update(who=None)
    inside = Membership.objects.inside().filter(channel=row.channel_id, member=actor)
    if row.channel_id is not None and inside.exists():
        leave_channel(actor=actor, channel_id=row.channel_id)
    tell_group(actor, row, gone=[actor.pk])
    return Written(row)


def save_task(*, actor: Member, said: SaveTask) -> Written:
    """Make or change a task; it stands at the place that is said, else last, or where it stood.

    Raises:
        NotFound: `not_found`, no such group of the actor, or no such task in it.
        Invalid: `invalid`, no title, an unknown state, or who does it takes no part.
        Conflict: `group.closed`, it is ended; `group.too_many_tasks`, it has 100.
    """
    row = open_group_for(actor, said.group)
    task = task_in(row, said.id) if said.id else GroupTask(group=row, position=MOST_TASKS)
    before = (task.state, task.position)
    if not said.id and GroupTask.objects.filter(group=row).count() >= MOST_TASKS:
        raise Conflict(
            code="group.too_many_tasks", detail=_("A group has up to 100 tasks. Delete some.")
        )
    _fill(task, row, said)
    task.save()
    position = said.position if isinstance(said.position, int) else None
    if position is None and task.state != before[0]:
        position = MOST_TASKS
    _place(task, before[0], task.position if position is None else position)
    tell_group(actor, row)
    return Written(task)


def _fill(task: GroupTask, group: ProjectGroup, said: SaveTask) -> None:
    if isinstance(said.title, str):
        task.title = clean_text(" ".join(said.title.split()), TASK_TITLE, field="title")
    if not task.title:
        raise Invalid(fields={"title": [_("Say what is to be done.")]})
    if isinstance(said.state, str):
        if said.state not in TaskState.values:
            raise Invalid(fields={"state": [_("This state is not known.")]})
        task.state = said.state
    if isinstance(said.who, int):
        takes_part = GroupPerson.objects.filter(group=group, member=said.who).exists()
        if said.who and not takes_part:
            raise Invalid(fields={"who": [_("Choose somebody of the group.")]})
        task.who_id = said.who or None
    if isinstance(said.position, int) and said.position < 0:
        raise Invalid(fields={"position": [_("The first place is 0.")]})


def _place(task: GroupTask, old_state: str, position: int) -> None:
    """Put a task at a place of its state; close the gap where it was."""
    for state in {old_state, task.state}:
        rows = GroupTask.objects.filter(group=task.group_id, state=state).exclude(pk=task.pk)
        ordered = list(rows.order_by("position", "pk"))
        if state == task.state:
            ordered.insert(min(position, len(ordered)), task)
        for number, each in enumerate(ordered):
            each.position = number
        GroupTask.objects.bulk_update(ordered, ["position"])


def drop_task(*, actor: Member, group_id: int, task_id: int) -> Written:
    """Delete a task.

    Raises:
        NotFound: `not_found`, no such group of the actor, or no such task in it.
        Conflict: `group.closed`, it is ended.
    """
    row = open_group_for(actor, group_id)
    task = task_in(row, task_id)
    later = GroupTask.objects.filter(
        group=row, state=task.state, position__gt=task.position
    ).order_by("position")
    moved = list(later)
    task.delete()
    for each in moved:
        each.position -= 1
    GroupTask.objects.bulk_update(moved, ["position"])
    tell_group(actor, row)
    return Written(row)


def _title(text: str) -> str:
    title = clean_text(" ".join(text.split()), PROJECT_TITLE, field="title")
    if not title:
        raise Invalid(fields={"title": [_("Give it a title.")]})
    return title


def _not_agreed() -> Conflict:
    return Conflict(code="group.not_agreed", detail=_("Not all have agreed to this."))


def tell_group(actor: Member, row: ProjectGroup, *, gone: Sequence[int] = ()) -> None:
    """Say to a group's people, and to those who left just now, how it is."""
    people = sorted(GroupPerson.objects.filter(group=row).values_list("member_id", flat=True))
    told = sorted({*people, *gone})
    current().lock([f"member:{pk}" for pk in told], make=True)
    state = group_states([row.pk])[row.pk]
    for pk in told:
        append(
            topic=f"member:{pk}",
            event="group.changed",
            actor=actor,
            subject=row,
            data={"member": pk},
            fresh=partial(GroupChanged, id=row.pk, group=state if pk in people else None),
        )
