"""Suggestions: whom an organisation was shown, and what it said.

Invariants: of two organisations each has at most one row for the other; what one says never
changes the other's row.
"""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from matchmaking.models.profiles import MatchingProfile
from matchmaking.vocabulary import Answer, Why


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Filters over suggestions."""

    def open(self) -> Self:
        """Those that wait for an answer, those put off until now among them."""
        put_off = Q(answer=Answer.LATER, until__lte=now())
        return self.filter(Q(answer="") | put_off, lapsed_at=None)


class Suggestion(models.Model):
    """One organisation suggested to another.

    Attributes:
        profile: Whose suggestion it is.
        other: Who is suggested.
        made_at: When it was shown first, or anew.
        score: As the engine had it then.
        terms: The values of the score's terms then, by name.
        place: Why it stood there: "" by its score, "small" or "newcomer" for a place kept for one,
            "asked" because the other side would like to meet.
        until: Until when one put it off.
        lapsed_at: When it went without an answer, one's own or the other side's to one's interest.
    """

    profile = models.ForeignKey(MatchingProfile, models.CASCADE, related_name="suggestions")
    other = models.ForeignKey(MatchingProfile, models.CASCADE, related_name="suggested_to")
    made_at = models.DateTimeField(default=now)
    score = models.FloatField(default=0)
    terms: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    place = models.CharField(max_length=12, blank=True)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices, blank=True)
    why = models.CharField(_("reason"), max_length=12, choices=Why.choices, blank=True)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lapsed_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("profile", "other"), name="suggestion_once"),
            models.CheckConstraint(
                condition=~Q(profile=F("other")), name="suggestion_is_of_another"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", *Answer.values]), name="suggestion_answer_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("profile", "-made_at"), name="suggestion_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} for {self.profile_id}"
