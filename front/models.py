"""Tables of the front app.

Invariants: there is one text per kind and language; a result has one row per key, which the app
that published it knows; its labels are sectors without their sub-sectors and ISO 3166-1 countries.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from front.rules import page_html
from front.vocabulary import (
    MAX_KEY,
    MAX_STEP,
    MAX_SUMMARY,
    MAX_TITLE,
    Axis,
    ResultKind,
    StepState,
    TextKind,
)


class SiteText(models.Model):
    """What the operator says on one page in one language, as Markdown."""

    kind = models.CharField(_("page"), max_length=8, choices=TextKind.choices)
    language = models.CharField(_("language"), max_length=16)
    text = models.TextField(_("text"))
    changed_at = models.DateTimeField(_("changed"), default=now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("text of the site")
        verbose_name_plural = _("texts of the site")
        ordering = ("kind", "language")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("kind", "language"), name="front_one_text"),
            models.CheckConstraint(
                condition=Q(kind__in=TextKind.values), name="front_text_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"

    @property
    def html(self) -> str:
        """The text as HTML, cleaned."""
        return page_html(self.text)


class Partner(models.Model):
    """An organisation that runs the site together with others; the lead comes first."""

    organisation = models.OneToOneField(
        "members.Organisation", models.CASCADE, related_name="partnership"
    )
    is_lead = models.BooleanField(_("leads"), default=False)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ("-is_lead", "organisation__name")

    def __str__(self) -> str:
        return str(self.organisation)


class Result(models.Model):
    """An entry of the public library.

    Attributes:
        key: Who published it knows it by this, e.g. ``workshop:17:minutes``.
        url: Where it is read, within the site.
    """

    key = models.CharField(max_length=MAX_KEY, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ResultKind.choices)
    title = models.CharField(_("title"), max_length=MAX_TITLE)
    summary = models.CharField(_("summary"), max_length=MAX_SUMMARY, blank=True)
    language = models.CharField(_("language"), max_length=16)
    url = models.CharField(_("address"), max_length=300)
    published_at = models.DateTimeField(_("published"), default=now)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ("-published_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=ResultKind.values), name="front_result_kind_is_known"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=("-published_at", "-id"), name="front_result_newest")
        ]

    def __str__(self) -> str:
        return self.title


class ResultLabel(models.Model):
    """A theme or a country of a result."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="labels", db_index=False)
    axis = models.CharField(max_length=7, choices=Axis.choices)
    code = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("result", "axis", "code"), name="front_one_label"),
            models.CheckConstraint(condition=Q(axis__in=Axis.values), name="front_axis_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=("axis", "code"), name="front_label_found")]

    def __str__(self) -> str:
        return f"{self.axis} {self.code}"


class StepTaken(models.Model):
    """What a member did with one step of the arrival."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="steps_taken", db_index=False
    )
    step = models.CharField(max_length=MAX_STEP)
    state = models.CharField(max_length=8, choices=StepState.choices)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("member", "step"), name="front_one_step"),
            models.CheckConstraint(
                condition=Q(state__in=StepState.values), name="front_step_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.step} {self.state}"
