"""Cooperation requests: what an organisation seeks and offers in one matter, until a day.

Invariants: a request is answered only while its state is open and its time is not over; every write
raises its `version`, so the sum over all of them tells whether any changed.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from base.clock import now
from matchmaking.models.profiles import MatchingProfile
from matchmaking.vocabulary import (
    REMINDED_BEFORE,
    REQUEST_LASTS,
    REQUEST_TEXT,
    REQUEST_TITLE,
    Facet,
    RequestAudience,
    RequestState,
)

FACETS = (Facet.OFFER, Facet.NEED, Facet.SECTOR, Facet.WANTED, Facet.LANGUAGE)
"""What a request chooses codes of."""


class CooperationRequestQuerySet(models.QuerySet["CooperationRequest"]):
    """Filters over requests."""

    def lasting(self) -> Self:
        """Those that are open and whose time is not over."""
        return self.filter(state=RequestState.OPEN, expires_at__gt=now())

    def ending(self) -> Self:
        """Those that end within a week and last longer if they are renewed; nobody was told yet."""
        soon = self.lasting().filter(reminded_at=None, expires_at__lt=now() + REMINDED_BEFORE)
        return soon.filter(deadline__gt=TruncDate("expires_at", tzinfo=UTC))


class CooperationRequest(models.Model):
    """One cooperation request.

    Attributes:
        contact: The member who posted it or took it over, with whom an answer opens a
            conversation; None once the account is gone.
        language: BCP 47, of title and text.
        deadline: The last day on which it can be answered, in UTC.
        expires_at: The end of that day, or 90 days after it was last renewed, if that is before.
        reminded_at: When those who keep it were told that it ends; None since the last renewal.
        told_version: The version with which it was last looked for whom it fits.
    """

    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, related_name="cooperation_requests"
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="cooperation_requests"
    )
    title = models.CharField(_("title"), max_length=REQUEST_TITLE)
    text = models.TextField(_("text"), max_length=REQUEST_TEXT)
    language = models.CharField(_("language"), max_length=16)
    audience = models.CharField(
        _("audience"),
        max_length=8,
        choices=RequestAudience.choices,
        default=RequestAudience.MEMBERS,
    )
    state = models.CharField(
        _("state"), max_length=8, choices=RequestState.choices, default=RequestState.OPEN
    )
    deadline = models.DateField(_("deadline"))
    made_at = models.DateTimeField(default=now, editable=False)
    changed_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    told_version = models.PositiveIntegerField(default=0)

    objects = CooperationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("cooperation request")
        verbose_name_plural = _("cooperation requests")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="request_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=RequestAudience.values), name="request_audience_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("state", "expires_at"), name="request_by_end"),
            models.Index(fields=("organisation", "state"), name="request_of_organisation"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_lasting(self) -> bool:
        """Whether it is open and its time is not over."""
        return self.state == RequestState.OPEN and self.expires_at > now()

    @property
    def shown_state(self) -> RequestState:
        """Its state, with regard to the time as well."""
        if self.state == RequestState.OPEN and not self.is_lasting:
            return RequestState.EXPIRED
        return RequestState(self.state)

    def renew(self) -> None:
        """Let it last from now, until its deadline at most; unsaved."""
        self.expires_at = min(end_of(self.deadline), now() + REQUEST_LASTS)
        self.reminded_at = None

    def touch(self) -> None:
        """Note that it changed just now; unsaved."""
        self.changed_at, self.version = now(), self.version + 1

    def codes(self, facet: Facet) -> list[str]:
        """Return what it says of one facet, by code. One query, none if `choices` is prefetched."""
        return sorted(row.code for row in self.choices.all() if row.facet == facet)


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over, in UTC."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


class RequestChoice(models.Model):
    """One code that a request chose: a form of cooperation, a sector, a country or a language."""

    request = models.ForeignKey(CooperationRequest, models.CASCADE, related_name="choices")
    facet = models.CharField(max_length=12, choices=Facet.choices)
    code = models.CharField(max_length=16)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("request", "facet", "code"), name="request_choice_once")
        ]
        indexes: ClassVar = [models.Index(fields=("facet", "code"), name="request_by_code")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.facet} {self.code}"


class RequestAnswer(models.Model):
    """An organisation that answered a request, and the conversation that it opened."""

    request = models.ForeignKey(CooperationRequest, models.CASCADE, related_name="answers")
    organisation = models.ForeignKey("members.Organisation", models.CASCADE, related_name="+")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    channel = models.ForeignKey("chat.Channel", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("answer to a request")
        verbose_name_plural = _("answers to requests")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("request", "organisation"), name="request_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} to {self.request_id}"


class RequestFit(models.Model):
    """A request of which an organisation was told because it fits; told once, whatever changes."""

    request = models.ForeignKey(CooperationRequest, models.CASCADE, related_name="fits")
    profile = models.ForeignKey(MatchingProfile, models.CASCADE, related_name="request_fits")
    score = models.FloatField()
    told_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("fitting request")
        verbose_name_plural = _("fitting requests")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("request", "profile"), name="request_fit_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=("profile", "told_at"), name="request_fit_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.request_id} for {self.profile_id}"
