"""Invitations by which an intermediary brings organisations into its portfolio."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from members.models.invitations import Invitation
from members.models.organisations import Accompaniment, Organisation
from members.vocabulary import OrganisationKind


class PortfolioInvitationQuerySet(models.QuerySet["PortfolioInvitation"]):
    """Filters over invitations into a portfolio."""

    def waiting(self) -> Self:
        """Those whose link still works and that nobody has answered."""
        return self.filter(answered_at=None, invitation__expires_at__gt=now())


class PortfolioInvitation(models.Model):
    """An intermediary's invitation to be accompanied by it, mailed to one address.

    Its link, address and end are those of an invitation to the site, so that whoever is new can
    sign up with it.

    Attributes:
        name: Of the organisation as the intermediary wrote it.
        language: In which the mail is written.
        mailed_at: None until the mail has left.
        accompaniment: What came of it; None while it waits or where it was declined.
    """

    invitation = models.OneToOneField(
        Invitation, on_delete=models.CASCADE, related_name="into_portfolio"
    )
    intermediary = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="portfolio_invitations"
    )
    name = models.CharField(_("name"), max_length=160)
    country = models.CharField(_("country"), max_length=2)
    town = models.CharField(_("town"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=OrganisationKind.choices)
    language = models.CharField(_("language"), max_length=16, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    accompaniment = models.OneToOneField(
        Accompaniment, on_delete=models.SET_NULL, null=True, blank=True, related_name="came_by"
    )

    objects = PortfolioInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation into a portfolio")
        verbose_name_plural = _("invitations into portfolios")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="portfolio_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name
