"""Pages of project groups: one's own, one with its board, beginning one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from msgspec import UNSET, UnsetType

from base.errors import Conflict, Invalid, Refusal
from base.ids import new_key, parse_id
from matchmaking.access.groups import colleagues_for, group_for
from matchmaking.events.groups import (
    AddPerson,
    BeginGroup,
    ChangeGroup,
    DropTask,
    LeaveGroup,
    SaveTask,
)
from matchmaking.models import ProjectGroup
from matchmaking.queries.groups import group_states, own_groups
from matchmaking.vocabulary import TASK_TITLE, TaskState
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only

MOST_COLLEAGUES = 100


def _number(request: HttpRequest, name: str) -> int:
    """A whole number of the form, 0 for anything else."""
    return parse_id(request.POST.get(name, "")) or 0


def _changed(request: HttpRequest, name: str) -> str | UnsetType:
    """What a field of the form says; unset where it says what it said when it was shown.

    So nobody puts back, unseen, what somebody else changed meanwhile in another field.
    """
    text = request.POST.get(name, "")
    return UNSET if text == request.POST.get(f"was_{name}") else text


@members_only
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """The groups in which one takes part."""
    return render(request, "matchmaking/groups.html", {"groups": own_groups(actor_of(request))})


@members_only
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make a group of an introduction or a consortium."""
    data = BeginGroup(
        organisation=_number(request, "organisation"),
        introduction=_number(request, "introduction"),
        consortium=_number(request, "consortium"),
    )
    done = do_own(request, "group.begin", data)
    messages.success(request, _("Here you work together: talk, tasks, people."))
    return redirect("matchmaking:group", done["id"])


@members_only
@require_safe
def one(request: HttpRequest, group_id: int) -> HttpResponse:
    """A group with its board."""
    return _shown(request, group_for(request.user, group_id))


def _shown(request: HttpRequest, row: ProjectGroup, wrong: Refusal | None = None) -> HttpResponse:
    state = group_states([row.pk])[row.pk]
    names = {person.id: person.name for person in state.people}
    board = [
        {
            "state": value,
            "label": label,
            "tasks": [
                {"task": task, "who": names.get(task.who or 0, "")}
                for task in state.tasks
                if task.state == value
            ],
        }
        for value, label in TaskState.choices
    ]
    values: dict[str, Any] = {
        "group": state,
        "ends_on": row.ends_on,
        "board": board,
        "states": TaskState.choices,
        "colleagues": colleagues_for(row).exclude(pk__in=names)[:MOST_COLLEAGUES],
        "task_title": TASK_TITLE,
        "typed": request.POST.get("title", "") if wrong else "",
        "wrong": _texts(wrong) if wrong else [],
        "key": new_key(),
    }
    return render(request, "matchmaking/group.html", values, status=422 if wrong else 200)


def _texts(refusal: Refusal) -> list[str]:
    found = [str(text) for texts in refusal.fields.values() for text in texts]
    return found or [str(refusal.detail)]


@members_only
@require_POST
def tasks(request: HttpRequest, group_id: int) -> HttpResponse:
    """Make, change, move or delete a task."""
    row = group_for(request.user, group_id)
    task, said = _number(request, "task"), request.POST.get("do", "save")
    try:
        if said == "drop":
            do_own(request, "task.drop", DropTask(group=row.pk, id=task))
        else:
            do_own(request, "task.save", _task(request, row.pk, task, said))
    except (Invalid, Conflict) as refusal:
        return _shown(request, row, refusal)
    return redirect("matchmaking:group", group_id)


def _task(request: HttpRequest, group_id: int, task: int, said: str) -> SaveTask:
    if said == "move":
        return SaveTask(group=group_id, id=task, position=_number(request, "position"))
    who, state = _changed(request, "who"), _changed(request, "state")
    return SaveTask(
        group=group_id,
        id=task,
        title=_changed(request, "title"),
        who=UNSET if who is UNSET else _number(request, "who"),
        state=TaskState.TODO.value if state == "" else state,
    )


@members_only
@require_POST
def edit(request: HttpRequest, group_id: int) -> HttpResponse:
    """Change a group, let a colleague take part, leave it, end it."""
    row = group_for(request.user, group_id)
    said = request.POST.get("do", "")
    try:
        if said == "leave":
            do_own(request, "group.leave", LeaveGroup(group=row.pk))
            messages.success(request, _("You take part in this group no longer."))
            return redirect("matchmaking:groups")
        if said == "add":
            do_own(request, "group.add", AddPerson(group=row.pk, member=_number(request, "member")))
        elif said in {"close", "open"}:
            do_own(request, "group.change", ChangeGroup(group=row.pk, is_closed=said == "close"))
        else:
            data = ChangeGroup(
                group=row.pk,
                title=_changed(request, "title"),
                ends_on=_changed(request, "ends_on"),
            )
            do_own(request, "group.change", data)
    except (Invalid, Conflict) as refusal:
        return _shown(request, row, refusal)
    return redirect("matchmaking:group", group_id)
