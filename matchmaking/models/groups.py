"""Project groups: people of several organisations who work together, and their board of tasks.

Invariants: a group comes from one introduction or consortium, which makes one group; its people act
for its organisations; tasks of a state have positions from 0 without a gap.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from matchmaking.models.consortia import Consortium
from matchmaking.models.introductions import Introduction
from matchmaking.vocabulary import PROJECT_TITLE, TASK_TITLE, TaskState


class ProjectGroup(models.Model):
    """One group.

    Attributes:
        channel: Its private conversation; None once that was deleted.
        ends_on: Until when it is planned, None where that is open.
        closed_at: When it was ended; its board stays to be read.
        version: Its place among all changes of the market.
    """

    title = models.CharField(_("title"), max_length=PROJECT_TITLE)
    channel = models.ForeignKey("chat.Channel", models.SET_NULL, null=True, related_name="+")
    introduction = models.OneToOneField(
        Introduction, models.SET_NULL, null=True, related_name="group"
    )
    consortium = models.OneToOneField(Consortium, models.SET_NULL, null=True, related_name="group")
    made_at = models.DateTimeField(default=now, editable=False)
    ends_on = models.DateField(_("ends on"), null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveBigIntegerField(default=0, db_index=True)

    class Meta:
        verbose_name = _("project group")
        verbose_name_plural = _("project groups")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title


class GroupHouse(models.Model):
    """An organisation that takes part in a group."""

    group = models.ForeignKey(ProjectGroup, models.CASCADE, related_name="houses")
    organisation = models.ForeignKey("members.Organisation", models.CASCADE, related_name="+")

    class Meta:
        ordering = ("organisation",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("group", "organisation"), name="group_house_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.group_id}"


class GroupPerson(models.Model):
    """A member who takes part in a group, for one of its organisations."""

    group = models.ForeignKey(ProjectGroup, models.CASCADE, related_name="people")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("group", "member"), name="group_person_once")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"


class GroupTask(models.Model):
    """A task on a group's board.

    Attributes:
        who: Who does it, None where nobody was named.
        position: Its place among the tasks of its state, from 0.
    """

    group = models.ForeignKey(ProjectGroup, models.CASCADE, related_name="tasks")
    title = models.CharField(_("title"), max_length=TASK_TITLE)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.TODO)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("state", "position", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=TaskState.values), name="group_task_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.title
