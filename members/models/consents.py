"""Consents: what a member agreed to, from when until when."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from members.consent import QUESTIONS
from members.vocabulary import Purpose


def counts_for(purpose: Purpose) -> Q:
    """Whether a row is a consent to this purpose that counts now, as `Consent.counts` says."""
    return Q(purpose=purpose, withdrawn_at=None, version__gte=QUESTIONS[purpose].least)


class Consent(models.Model):
    """One time that a member agreed to one purpose; a withdrawn one stays as history."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField(_("version of the words"))
    language = models.CharField(_("language in which it was asked"), max_length=16)
    given_at = models.DateTimeField(_("given"), default=now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-given_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("member", "purpose"),
                condition=Q(withdrawn_at=None),
                name="consent_stands_once_per_purpose",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="consent_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_is_withdrawn_after_it_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"

    @property
    def counts(self) -> bool:
        """Whether it was not withdrawn, and the words agreed to still cover what is done."""
        return self.withdrawn_at is None and self.version >= QUESTIONS[Purpose(self.purpose)].least

    def withdraw(self, at: datetime) -> None:
        """End it at this moment, or when it began, should the clock have gone back."""
        self.withdrawn_at = max(at, self.given_at)
        self.save(update_fields=["withdrawn_at"])
