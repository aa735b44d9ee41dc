"""Organisations."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from members.vocabulary import OrganisationKind


class Organisation(models.Model):
    """A body that members work for; its name is unique within its country, whatever the case."""

    name = models.CharField(_("name"), max_length=160)
    country = models.CharField(_("country"), max_length=2)
    kind = models.CharField(
        _("kind"), max_length=16, choices=OrganisationKind.choices, default=OrganisationKind.OTHER
    )
    town = models.CharField(_("town"), max_length=120, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), "country", name="organisation_name_in_country")
        ]

    def __str__(self) -> str:
        return self.name
