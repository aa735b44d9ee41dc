"""Who may see project groups and write on their boards: their people, and nobody else."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from base.errors import Conflict, NotFound
from matchmaking.models import GroupHouse, GroupPerson, GroupTask, ProjectGroup
from members.access import Actor, is_member
from members.models import Appointment, Member


def groups_of(actor: Actor) -> QuerySet[ProjectGroup]:
    """Return the groups in which the actor takes part, the newest first."""
    if not is_member(actor):
        return ProjectGroup.objects.none()
    own = GroupPerson.objects.filter(group=OuterRef("pk"), member=actor)
    return ProjectGroup.objects.filter(Exists(own))


def group_for(actor: Actor, group_id: int) -> ProjectGroup:
    """Return a group in which the actor takes part.

    Raises:
        NotFound: `not_found`, there is none.
    """
    found = groups_of(actor).filter(pk=group_id).first()
    if found is None:
        raise NotFound
    return found


def open_group_for(actor: Actor, group_id: int) -> ProjectGroup:
    """Return a group in which the actor takes part and that is not ended, its row locked.

    Raises:
        NotFound: `not_found`, there is none.
        Conflict: `group.closed`, it is ended.
    """
    found = ProjectGroup.objects.select_for_update().get(pk=group_for(actor, group_id).pk)
    if found.closed_at is not None:
        raise Conflict(code="group.closed", detail=_("This group is ended."))
    return found


def task_in(group: ProjectGroup, task_id: int) -> GroupTask:
    """Return a task of a group.

    Raises:
        NotFound: `not_found`, it has none with this id.
    """
    found = GroupTask.objects.filter(group=group, pk=task_id).first()
    if found is None:
        raise NotFound
    return found


def colleagues_for(group: ProjectGroup) -> QuerySet[Member]:
    """Return active members with a role in one of the group's organisations, by name."""
    houses = GroupHouse.objects.filter(group=group).values("organisation")
    roles = Appointment.objects.granted().filter(organisation__in=houses, member=OuterRef("pk"))
    return Member.objects.listed().filter(Exists(roles)).order_by("name", "pk")
