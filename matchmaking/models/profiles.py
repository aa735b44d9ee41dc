"""Matching profiles: what organisations offer and look for, and the counter of their changes.

Invariants: a profile counts while it is not expired and its contact may speak for it (see
:mod:`matchmaking.access.profiles`); every change gives the row the next number of the one counter,
under the counter's lock, so numbers come in commit order and a process that has seen a number has
seen all before it. Only needs can be private.
"""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from matchmaking.vocabulary import (
    DEFAULT_WEEKLY,
    MOST_WEEKLY,
    PROFILE_LASTS,
    TEXT_LENGTH,
    Budget,
    Facet,
)


class MatchingProfileQuerySet(models.QuerySet["MatchingProfile"]):
    """Filters over matching profiles."""

    def lasting(self) -> Self:
        """Profiles whose time is not over."""
        return self.filter(expires_at__gt=now())


class MatchingProfile(models.Model):
    """What an organisation looks for and offers.

    Attributes:
        contact: The member who speaks for the organisation in introductions, by whose consent the
            profile is shared; None once the account is gone.
        language: BCP 47, of both texts; "" where there are none.
        weekly: The most suggestions that it gets in seven days.
        changed_at: When anybody last changed what it says; renewing it is no change.
        expires_at: When it ceases to count; in the past for one that was taken out.
        reminded_at: When its people were told that it ends; None since the last renewal.
        suggested_at: When it was last looked for whom to suggest to it.
        version: Its place among all changes of the market.
    """

    organisation = models.OneToOneField(
        "members.Organisation", models.CASCADE, primary_key=True, related_name="matching"
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="matching_profiles"
    )
    looking_for = models.TextField(_("looking for"), max_length=TEXT_LENGTH, blank=True)
    offering = models.TextField(_("offering"), max_length=TEXT_LENGTH, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    budget = models.CharField(_("budget"), max_length=4, choices=Budget.choices, blank=True)
    weekly = models.PositiveSmallIntegerField(default=DEFAULT_WEEKLY)
    made_at = models.DateTimeField(default=now, editable=False)
    changed_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    suggested_at = models.DateTimeField(null=True, db_index=True)
    version = models.PositiveBigIntegerField(default=0, db_index=True)

    objects = MatchingProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching profile")
        verbose_name_plural = _("matching profiles")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(budget__in=["", *Budget.values]), name="matching_budget_is_known"
            ),
            models.CheckConstraint(
                condition=Q(weekly__lte=MOST_WEEKLY), name="matching_weekly_is_bounded"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="matching_ends_after_start",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("expires_at",), name="matching_by_end")]

    def __str__(self) -> str:
        return str(self.organisation_id)

    @property
    def is_lasting(self) -> bool:
        """Whether its time is not over."""
        return self.expires_at > now()

    def renew(self) -> None:
        """Let it count for the whole time from now; unsaved."""
        self.expires_at, self.reminded_at = now() + PROFILE_LASTS, None

    def codes(self, facet: Facet, *, with_private: bool = False) -> list[str]:
        """Return what it says of one facet, by code; private needs only where they are asked for.

        One query, none where `choices` was prefetched.
        """
        return sorted(
            row.code
            for row in self.choices.all()
            if row.facet == facet and (with_private or not row.is_private)
        )

    def private_needs(self) -> list[str]:
        """Return the needs that nobody else may see or infer, by code."""
        return sorted(row.code for row in self.choices.all() if row.is_private)


class Choice(models.Model):
    """One code that a profile chose.

    Attributes:
        code: A sector, a form of cooperation, a country, a language or a size, by the facet.
        is_private: Only of needs: it is used for nothing that others could see or infer.
    """

    profile = models.ForeignKey(MatchingProfile, models.CASCADE, related_name="choices")
    facet = models.CharField(max_length=12, choices=Facet.choices)
    code = models.CharField(max_length=16)
    is_private = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("profile", "facet", "code"), name="matching_choice_once"
            ),
            models.CheckConstraint(
                condition=Q(facet__in=Facet.values), name="matching_facet_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_private=False) | Q(facet=Facet.NEED),
                name="matching_only_needs_are_private",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.facet} {self.code}"


class MarketState(models.Model):
    """The one row that counts changes of what the engine calculates with; its id is 1.

    Attributes:
        weights: Of the score's terms, by name, as learned from answers; empty for the defaults.
        outcomes: From how many answers.
    """

    version = models.PositiveBigIntegerField(default=0)
    weights: models.JSONField[dict[str, float], dict[str, float]] = models.JSONField(default=dict)
    outcomes = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("state of the market")
        verbose_name_plural = _("state of the market")

    def __str__(self) -> str:
        return str(self.version)

    @classmethod
    def now_at(cls) -> int:
        """Return the number of the last committed change. One query."""
        return cls.objects.filter(pk=1).values_list("version", flat=True).first() or 0

    @classmethod
    def touch(cls, *changed: models.QuerySet[Any]) -> None:
        """Give these rows the next number as their `version`, inside a transaction.

        Profiles, introductions and project groups have one. The counter's row stays locked until
        the commit. A query, and one for each of these.
        """
        if not cls.objects.filter(pk=1).update(version=F("version") + 1):
            MarketState.objects.bulk_create([MarketState(pk=1)], ignore_conflicts=True)
            cls.objects.filter(pk=1).update(version=F("version") + 1)
        number = cls.objects.filter(pk=1).values("version")
        for rows in changed:
            rows.update(version=number)
