"""Meeting rounds of an event: who takes part, who is there, who sat with whom.

Invariants: a member has one place in a meeting and one seat in a round; who has no table in a round
waited in it, and it says why; rounds beyond the current one are plans that may be thrown away.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from matchmaking.vocabulary import MEETING_TITLE, GroupSize, WaitsWhy


class Meeting(models.Model):
    """An event at which people meet in rounds.

    Attributes:
        host: Who planned it; other organisers may run it too. None once the account is gone.
        size: People at a table.
        current: Number of the round that runs, 0 before the first.
    """

    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("title"), max_length=MEETING_TITLE)
    size = models.PositiveSmallIntegerField(choices=GroupSize.choices, default=GroupSize.PAIRS)
    current = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(size__in=GroupSize.values), name="meeting_size_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.title


class MeetingPlace(models.Model):
    """Somebody who takes part in a meeting, now there or not."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="places")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_here = models.BooleanField(default=True)

    class Meta:
        ordering = ("member",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("meeting", "member"), name="meeting_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.meeting_id}"


class MeetingRound(models.Model):
    """One round.

    Attributes:
        begun_at: None for one that is planned.
        is_proven: No seating of what was weighed fits better: of everybody's ten best edges, for
            groups of everybody's four best of those that these edges make.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField(null=True)
    is_proven = models.BooleanField(default=False)

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("meeting", "number"), name="meeting_round_once")
        ]

    def __str__(self) -> str:
        return f"round {self.number} of {self.meeting_id}"


class MeetingSeat(models.Model):
    """Where somebody is in a round.

    Attributes:
        table: Number of the table; None for who waits.
        why: Why one waits; "" for who has a table.
    """

    round = models.ForeignKey(MeetingRound, models.CASCADE, related_name="seats")
    place = models.ForeignKey(MeetingPlace, models.CASCADE, related_name="seats")
    table = models.PositiveSmallIntegerField(null=True)
    why = models.CharField(max_length=8, choices=WaitsWhy.choices, blank=True)

    class Meta:
        ordering = ("table", "place")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("round", "place"), name="meeting_seat_once"),
            models.CheckConstraint(
                condition=Q(table=None, why__in=WaitsWhy.values) | Q(table__isnull=False, why=""),
                name="meeting_seat_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} at {self.table}"
