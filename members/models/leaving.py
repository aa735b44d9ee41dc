"""Leaving: who asked to be erased, and exports of what is theirs.

Invariants: a departure names a member by number alone and stays when the member is gone: it is
the record that the erasure was asked for and done. A member has at most one that is open.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.ids import new_key
from members.models.people import Member
from members.vocabulary import LeavingTexts


class DepartureQuerySet(models.QuerySet["Departure"]):
    """Departures by state."""

    def open(self) -> "DepartureQuerySet":
        """Asked for, and neither cancelled nor done."""
        return self.filter(cancelled_at=None, erased_at=None)

    def due(self) -> "DepartureQuerySet":
        """Whose time of grace is over."""
        return self.open().filter(due_at__lte=now())


class Departure(models.Model):
    """A member's wish to be erased.

    Attributes:
        texts: What becomes of what they contributed.
        due_at: The erasure begins then, if nobody cancels.
        erased_at: When nothing was left.
    """

    member_number = models.BigIntegerField(_("number of the member"))
    texts = models.CharField(_("contributions"), max_length=5, choices=LeavingTexts.choices)
    asked_at = models.DateTimeField(_("asked"), default=now)
    due_at = models.DateTimeField(_("due"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("member_number",),
                condition=Q(cancelled_at=None),
                name="departure_one_open",
            ),
            models.CheckConstraint(
                condition=Q(texts__in=LeavingTexts.values), name="departure_texts_are_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.member_number)


class Export(models.Model):
    """A zip of what is a member's, made by a job and kept for some days.

    Attributes:
        key: The name of its file under `exports/` of the data folder, which nobody can guess.
        made_at: When the file was complete; None while it is being made.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="exports")
    key = models.UUIDField(default=new_key, unique=True, editable=False)
    asked_at = models.DateTimeField(default=now)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.key)
