"""What the topic `member:<id>` says and takes of project groups."""

from collections.abc import Sequence

from live.models import Event
from live.registry import Written
from live.showing import subjects
from matchmaking.actions.groups import (
    add_person,
    begin_group,
    change_group,
    drop_task,
    leave_group,
    save_task,
)
from matchmaking.events.groups import (
    AddPerson,
    BeginGroup,
    ChangeGroup,
    DropTask,
    GroupChanged,
    LeaveGroup,
    SaveTask,
)
from matchmaking.live.concerns import of_a_beginning, of_a_group
from matchmaking.queries.groups import group_states, own_groups, people_of_groups
from members.live import declare_command, declare_event, declare_part
from members.models import Member


def _begin(actor: Member, data: BeginGroup) -> Written:
    return begin_group(actor=actor, said=data)


def _change(actor: Member, data: ChangeGroup) -> Written:
    return change_group(actor=actor, said=data)


def _add(actor: Member, data: AddPerson) -> Written:
    return add_person(actor=actor, group_id=data.group, member_id=data.member)


def _leave(actor: Member, data: LeaveGroup) -> Written:
    return leave_group(actor=actor, group_id=data.group)


def _save(actor: Member, data: SaveTask) -> Written:
    return save_task(actor=actor, said=data)


def _drop(actor: Member, data: DropTask) -> Written:
    return drop_task(actor=actor, group_id=data.group, task_id=data.id)


def _present(events: Sequence[Event]) -> Sequence[GroupChanged]:
    """What groups are now, to those who still take part. Five queries."""
    ids = subjects(events)
    states, people = group_states(ids), people_of_groups(ids)
    found = []
    for event in events:
        pk, member = event.subject or 0, (event.data or {})["member"]
        takes_part = member in people.get(pk, ())
        found.append(GroupChanged(id=pk, group=states.get(pk) if takes_part else None))
    return found


def register() -> None:
    """Add the event, the commands and the part of the snapshot to `member:<id>`."""
    declare_event("group.changed", GroupChanged, _present)
    declare_part("groups", own_groups)
    declare_command("group.begin", BeginGroup, _begin, of_a_beginning)
    declare_command("group.change", ChangeGroup, _change, of_a_group)
    declare_command("group.add", AddPerson, _add, of_a_group)
    declare_command("group.leave", LeaveGroup, _leave, of_a_group)
    declare_command("task.save", SaveTask, _save, of_a_group)
    declare_command("task.drop", DropTask, _drop, of_a_group)
