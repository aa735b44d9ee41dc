"""Profiles: what members say of themselves beyond their card, and who sees each field.

Invariants: a member without a row here has a profile with every field at its default;
`Member.languages` lists the tags of the member's `SpokenLanguage` rows in their order, and both
are written together.
"""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models.folding import Folded, FoldedField
from members.vocabulary import Audience, Level

FIELDS: Final = (
    "name", "pronouns", "picture", "organisation", "country", "languages", "time_zone",
    "working_hours", "interests", "about", "links",
)  # fmt: skip
"""What a profile consists of; each has an audience of its own."""

_KNOWN = Q()
for _field in FIELDS:
    _KNOWN &= Q(**{f"{_field}_audience__in": Audience.values})


def _audience() -> models.CharField[str, str]:
    return models.CharField(max_length=12, choices=Audience.choices, default=Audience.MEMBERS)


class Profile(Folded):
    """What a member says of themselves; `<field>_audience` says who sees the field.

    Attributes:
        picture: Digest of the picture, under which its sizes are stored; "" without one.
        folded: The interests as they are searched.
        work_days: ISO numbers of the weekdays, Monday is 1, such as "12345".
        work_from: In the member's own time zone, as `work_until`; None where it is not said.
        links: `{"label", "url"}` each.
    """

    member = models.OneToOneField(
        "members.Member", on_delete=models.CASCADE, primary_key=True, related_name="profile"
    )
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    picture = models.CharField(_("picture"), max_length=32, blank=True)
    work_days = models.CharField(_("working days"), max_length=7, blank=True)
    work_from = models.TimeField(_("works from"), null=True, blank=True)
    work_until = models.TimeField(_("works until"), null=True, blank=True)
    interests = models.CharField(_("interests"), max_length=600, blank=True)
    folded = FoldedField(sources=("interests",))
    about = models.TextField(_("about"), max_length=1200, blank=True)
    links = models.JSONField(_("links"), default=list, blank=True)

    name_audience = _audience()
    pronouns_audience = _audience()
    picture_audience = _audience()
    organisation_audience = _audience()
    country_audience = _audience()
    languages_audience = _audience()
    time_zone_audience = _audience()
    working_hours_audience = _audience()
    interests_audience = _audience()
    about_audience = _audience()
    links_audience = _audience()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints: ClassVar = [
            models.CheckConstraint(condition=_KNOWN, name="profile_audiences_are_known"),
        ]

    def __str__(self) -> str:
        return str(self.member_id)

    def audience_of(self, field: str) -> Audience:
        """Who sees this one of `FIELDS`."""
        return Audience(getattr(self, f"{field}_audience"))


class ProfileSector(models.Model):
    """A sector that a member is interested in, a code of `members.sectors`."""

    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="interest_sectors"
    )
    code = models.CharField(_("sector"), max_length=16)

    class Meta:
        verbose_name = _("sector of interest")
        verbose_name_plural = _("sectors of interest")
        ordering = ("code",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("code", "member"), name="profile_sector_once")
        ]

    def __str__(self) -> str:
        return self.code


class SpokenLanguage(models.Model):
    """A language that a member speaks, and how well; the row's id gives the order."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="spoken")
    language = models.CharField(_("language"), max_length=16)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices, blank=True)

    class Meta:
        verbose_name = _("spoken language")
        verbose_name_plural = _("spoken languages")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("language", "member"), name="spoken_language_once"),
            models.CheckConstraint(
                condition=Q(level__in=["", *Level.values]), name="spoken_language_level_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.level}".strip()
