"""What this instance says of itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.vocabulary import Registration


class SiteSettings(models.Model):
    """What this instance says of itself: one row, with id 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name of the site"), max_length=80, default="Creative Ports")
    logo = models.ImageField(_("logo"), upload_to="site/", blank=True)
    languages = models.JSONField(_("interface languages"), default=list, blank=True)
    registration = models.CharField(
        _("registration"), max_length=12, choices=Registration.choices, default=Registration.OPEN
    )
    is_set_up = models.BooleanField(_("set up"), default=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="site_settings_is_one_row"),
            models.CheckConstraint(
                condition=Q(registration__in=Registration.values),
                name="site_settings_registration_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
