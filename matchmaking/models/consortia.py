"""Consortia: a team of organisations that one proposes, and what each says.

Invariants: the lead has a seat and said yes; all agreed if and only if every seat says yes; a no is
kept and told to nobody else.
"""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from matchmaking.vocabulary import ANSWERED_WITHIN, PROJECT_TITLE, ConsortiumState, Said


def _within() -> datetime:
    return now() + ANSWERED_WITHIN


class ConsortiumQuerySet(models.QuerySet["Consortium"]):
    """Filters over consortia."""

    def of(self, organisation_id: int) -> Self:
        """Those in which an organisation has a seat."""
        seats = ConsortiumSeat.objects.filter(
            consortium=OuterRef("pk"), organisation=organisation_id
        )
        return self.filter(Exists(seats))

    def waiting(self) -> Self:
        """Those that still may be answered."""
        return self.filter(state=ConsortiumState.PROPOSED, answer_by__gt=now())


class Consortium(models.Model):
    """One proposed team.

    Attributes:
        lead: Who proposed it and would lead the project.
        needs: Codes of the forms of cooperation that it is to cover together.
        answer_by: When it runs out unless all agreed.
    """

    lead = models.ForeignKey("members.Organisation", models.CASCADE, related_name="led_consortia")
    title = models.CharField(_("title"), max_length=PROJECT_TITLE)
    needs = models.JSONField(default=list)
    state = models.CharField(
        max_length=8, choices=ConsortiumState.choices, default=ConsortiumState.PROPOSED
    )
    made_at = models.DateTimeField(default=now, editable=False)
    answer_by = models.DateTimeField(default=_within)

    objects = ConsortiumQuerySet.as_manager()

    class Meta:
        verbose_name = _("consortium")
        verbose_name_plural = _("consortia")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ConsortiumState.values), name="consortium_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_now(self) -> ConsortiumState:
        """How it stands: closed where its time ran out."""
        if self.state == ConsortiumState.PROPOSED and self.answer_by <= now():
            return ConsortiumState.CLOSED
        return ConsortiumState(self.state)


class ConsortiumSeat(models.Model):
    """One organisation of a consortium.

    Attributes:
        said: What it said; see :class:`matchmaking.vocabulary.Said`.
        by: The member who said yes, and who talks for it in the group.
    """

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="seats")
    organisation = models.ForeignKey("members.Organisation", models.CASCADE, related_name="+")
    said = models.CharField(max_length=4, choices=Said.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("organisation",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("consortium", "organisation"), name="consortium_seat_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.consortium_id}"
