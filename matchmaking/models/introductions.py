"""Introductions: two organisations that may want to meet, and how far they have come.

Invariants: the first organisation has the lower id; of two organisations at most one introduction
is not closed; a channel exists if and only if both agreed (or it was deleted since).
"""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from matchmaking.models.profiles import MatchingProfile
from matchmaking.rules.introductions import Side, Standing
from matchmaking.vocabulary import ANSWERED_WITHIN, IntroductionState, Said


def _within() -> datetime:
    return now() + ANSWERED_WITHIN


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    """Filters over introductions."""

    def of(self, organisation_id: int) -> Self:
        """Those in which an organisation is a side."""
        return self.filter(Q(first=organisation_id) | Q(second=organisation_id))

    def going_on(self) -> Self:
        """Those that are not closed, by state or by time."""
        waiting = (IntroductionState.PROPOSED, IntroductionState.ACCEPTED)
        over = Q(state__in=waiting, answer_by__lte=now())
        return self.exclude(state=IntroductionState.CLOSED).exclude(over)


class Introduction(models.Model):
    """One introduction.

    Attributes:
        intermediary: Who proposed it; None where an organisation was interested.
        first_said: What the first organisation said; see :mod:`matchmaking.rules.introductions`.
        first_by: The member who said it, and who talks for it once it is open.
        answer_by: When it runs out unless both agreed.
        asked_at: When both were asked last how it goes.
        changed_at: When its state last changed for both.
        version: Its place among all changes of the market; 0 before it was a cooperation.
    """

    first = models.ForeignKey(MatchingProfile, models.CASCADE, related_name="+")
    second = models.ForeignKey(MatchingProfile, models.CASCADE, related_name="+")
    intermediary = models.ForeignKey(
        "members.Organisation", models.SET_NULL, null=True, related_name="+"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(
        max_length=12, choices=IntroductionState.choices, default=IntroductionState.PROPOSED
    )
    first_said = models.CharField(max_length=4, choices=Said.choices, blank=True)
    second_said = models.CharField(max_length=4, choices=Said.choices, blank=True)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    first_at = models.DateTimeField(null=True)
    second_at = models.DateTimeField(null=True)
    channel = models.ForeignKey("chat.Channel", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=now, editable=False)
    answer_by = models.DateTimeField(default=_within)
    opened_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    cooperating_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=now)
    asked_at = models.DateTimeField(null=True)
    version = models.PositiveBigIntegerField(default=0, db_index=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("first", "second"),
                condition=~Q(state=IntroductionState.CLOSED),
                name="introduction_going_on_once",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="introduction_sides_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=IntroductionState.values),
                name="introduction_state_is_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("state", "answer_by"), name="introduction_by_end"),
            models.Index(fields=("state", "changed_at"), name="introduction_by_change"),
            models.Index(fields=("second", "state"), name="introduction_of_second"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.state}"

    @property
    def standing(self) -> Standing:
        """How it stands, without regard to the time."""
        return Standing(
            IntroductionState(self.state),
            (Said(self.first_said), Said(self.second_said)),
            self.answer_by,
        )

    def side_of(self, organisation_id: int) -> Side:
        """Which side an organisation is, one of the two."""
        return Side.FIRST if organisation_id == self.first_id else Side.SECOND

    def across(self, organisation_id: int) -> int:
        """The id of the organisation on the other side."""
        other: int = self.second_id if organisation_id == self.first_id else self.first_id
        return other
