"""Organisations: what they are, who acts for them, who accompanies them, and what was done so.

Invariants: an organisation's name is unique within its country, whatever the case; a role counts
only once it was granted; of two organisations there is at most one accompaniment that is asked for
or holds, and it holds only after the other side confirmed; an act names the accompaniment that
allowed it, and stays when that has ended.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from base.clock import now
from members.models.folding import Folded, FoldedField
from members.vocabulary import MAY_ACCOMPANY, OrganisationKind, OrganisationRole, Side, SizeClass

EARLIEST_FOUNDED = 1000


class Organisation(Folded):
    """A body that members work for; its name is unique within its country, whatever the case.

    Attributes:
        region: NUTS code, or ISO 3166-2 where NUTS does not reach; "" where it is not said.
        founded: Year, None where it is not said.
        is_public: Whether strangers may see its page.
        is_confirmed: Whether somebody stands by it whose address is known; what comes with a
            sign-up is seen by staff alone until the newcomer signs in.
        folded: Name and town as the directory searches and sorts them; kept by every save.
    """

    name = models.CharField(_("name"), max_length=160)
    country = models.CharField(_("country"), max_length=2)
    kind = models.CharField(
        _("kind"), max_length=16, choices=OrganisationKind.choices, default=OrganisationKind.OTHER
    )
    region = models.CharField(_("region"), max_length=6, blank=True)
    town = models.CharField(_("town"), max_length=120, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    founded = models.PositiveSmallIntegerField(_("founded"), null=True, blank=True)
    size = models.CharField(_("size"), max_length=8, choices=SizeClass.choices, blank=True)
    logo = models.ImageField(_("logo"), upload_to="organisations/", blank=True)
    is_public = models.BooleanField(_("shown to everyone"), default=False)
    is_confirmed = models.BooleanField(default=True, db_default=True, editable=False)
    folded = FoldedField(sources=("name", "town"))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), "country", name="organisation_name_in_country"),
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(size__in=["", *SizeClass.values]), name="organisation_size_is_known"
            ),
            models.CheckConstraint(
                condition=Q(founded=None) | Q(founded__gte=EARLIEST_FOUNDED),
                name="organisation_founded_is_a_year",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("name", "id"), name="organisation_by_name"),
            models.Index(fields=("country", "kind"), name="organisation_by_country"),
            models.Index(fields=("folded", "id"), name="organisation_by_folded"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_accompany(self) -> bool:
        """Whether its kind lets it act for others."""
        return self.kind in MAY_ACCOMPANY


class OrganisationSector(models.Model):
    """One of the sectors that an organisation works in, a code of `members.sectors`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sectors")
    code = models.CharField(_("sector"), max_length=16)

    class Meta:
        verbose_name = _("sector of an organisation")
        verbose_name_plural = _("sectors of organisations")
        ordering = ("code",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("code", "organisation"), name="organisation_sector_once"
            )
        ]

    def __str__(self) -> str:
        return self.code


class OrganisationLanguage(models.Model):
    """A language in which one can work with an organisation, BCP 47."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="languages"
    )
    language = models.CharField(_("language"), max_length=16)

    class Meta:
        verbose_name = _("language of an organisation")
        verbose_name_plural = _("languages of organisations")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("language", "organisation"), name="organisation_language_once"
            )
        ]

    def __str__(self) -> str:
        return self.language


class OrganisationText(models.Model):
    """What an organisation says of itself, in one language: plain text of a few paragraphs."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=16)
    text = models.TextField(_("description"), max_length=4000)

    class Meta:
        verbose_name = _("description of an organisation")
        verbose_name_plural = _("descriptions of organisations")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("organisation", "language"), name="organisation_text_once"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Filters over roles in organisations."""

    def granted(self) -> Self:
        """Roles that count."""
        return self.filter(granted_at__isnull=False)

    def asked(self) -> Self:
        """Roles that somebody asked for and nobody has granted yet."""
        return self.filter(granted_at=None)


class Appointment(models.Model):
    """A member's role in an organisation: asked for by the member, or granted.

    Attributes:
        granted_at: None while it is only asked for.
        granted_by: None where the role came with founding the organisation, or the member is gone.
    """

    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="appointments"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="appointments"
    )
    role = models.CharField(_("role"), max_length=16, choices=OrganisationRole.choices)
    asked_at = models.DateTimeField(_("asked"), default=now, editable=False)
    granted_at = models.DateTimeField(_("granted"), null=True, blank=True)
    granted_by = models.ForeignKey(
        "members.Member", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role in an organisation")
        verbose_name_plural = _("roles in organisations")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("member", "organisation"), name="appointment_once"),
            models.CheckConstraint(
                condition=Q(role__in=OrganisationRole.values), name="appointment_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}/{self.organisation_id}: {self.role}"


class AccompanimentQuerySet(models.QuerySet["Accompaniment"]):
    """Filters over accompaniments."""

    def open(self) -> Self:
        """Those that were asked for or hold."""
        return self.filter(ended_at=None)

    def asked(self) -> Self:
        """Those that wait for the other side."""
        return self.filter(ended_at=None, confirmed_at=None)

    def holding(self) -> Self:
        """Those that both sides agreed to and neither has ended."""
        return self.filter(ended_at=None, confirmed_at__isnull=False)


class Accompaniment(models.Model):
    """An intermediary's leave to act for an organisation: asked for, agreed to, ended.

    Attributes:
        asked_side: The side that asked; the other one confirms.
    """

    intermediary = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="accompanies"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="accompanied_by"
    )
    asked_side = models.CharField(_("asked by"), max_length=16, choices=Side.choices)
    asked_by = models.ForeignKey(
        "members.Member", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=now, editable=False)
    confirmed_by = models.ForeignKey(
        "members.Member", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "members.Member", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = AccompanimentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accompaniment")
        verbose_name_plural = _("accompaniments")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("intermediary", "organisation"),
                condition=Q(ended_at=None),
                name="accompaniment_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(intermediary=F("organisation")), name="accompaniment_of_another"
            ),
            models.CheckConstraint(
                condition=Q(asked_side__in=Side.values), name="accompaniment_side_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intermediary_id} for {self.organisation_id}"

    @property
    def state(self) -> str:
        """`asked`, `holding` or `ended`."""
        if self.ended_at is not None:
            return "ended"
        return "asked" if self.confirmed_at is None else "holding"

    @property
    def confirming_side(self) -> Side:
        """The side that did not ask."""
        asked_by_business = self.asked_side == Side.ORGANISATION
        return Side.INTERMEDIARY if asked_by_business else Side.ORGANISATION


class Act(models.Model):
    """Something that an intermediary's member did for an organisation; its people see it.

    Attributes:
        what: Name of a kind of act that an app declared (`members.acts`).
        subject: id of the row that it was about, None for the organisation itself.
    """

    accompaniment = models.ForeignKey(Accompaniment, on_delete=models.CASCADE, related_name="acts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="acts_for_it"
    )
    member = models.ForeignKey(
        "members.Member", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    what = models.CharField(max_length=60)
    subject = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("act for an organisation")
        verbose_name_plural = _("acts for organisations")
        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=("organisation", "-id"), name="act_newest_first")]

    def __str__(self) -> str:
        return f"{self.what} for {self.organisation_id}"
