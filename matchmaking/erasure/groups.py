"""What is kept of people in project groups; the board is the group's and stays."""

from collections.abc import Iterator

from base.personal import (
    ANONYMISED,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
    update_all,
)
from matchmaking.models import GroupPerson, GroupTask


def export(member_id: int) -> Iterator[ExportFile]:
    """The groups in which one takes part, and the tasks that one does."""
    own = GroupPerson.objects.filter(member=member_id).order_by("pk")
    columns = ("group__title", "group__made_at", "group__ends_on")
    yield as_json("matchmaking/groups.json", own.values(*columns).iterator())
    tasks = GroupTask.objects.filter(who=member_id).order_by("pk")
    yield as_json("matchmaking/tasks.json", tasks.values("group_id", "title", "state").iterator())


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Take the member out of groups and tasks."""
    yield from delete_all(GroupPerson.objects.filter(member=member_id))
    yield from update_all(GroupTask.objects.filter(who=member_id), who=None)


register_holdings(
    Holdings(
        name="matchmaking.groups",
        columns={
            "matchmaking.ProjectGroup.title": kept("says what a project is called"),
            "matchmaking.GroupPerson.member": ERASED,
            "matchmaking.GroupTask.who": ANONYMISED,
            "matchmaking.GroupTask.title": kept("says what a group has to do, and stays with it"),
        },
        export=export,
        erase=erase,
    )
)
