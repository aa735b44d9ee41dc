"""Invitations, stored as the hash of their token."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from members.models.people import Member
from members.vocabulary import Role


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Filters over invitations."""

    def usable(self) -> Self:
        """Those that still let somebody in."""
        return self.filter(uses__lt=F("most_uses"), expires_at__gt=now(), withdrawn_at=None)


class Invitation(models.Model):
    """A link that lets people sign up; the token itself is known to its holders only.

    Attributes:
        most_uses: How many people it lets in.
        uses: How many it has let in.
        used_at: When it did so last.
        withdrawn_at: When somebody made it worthless.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, related_name="invitations"
    )
    created_at = models.DateTimeField(_("made"), default=now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    most_uses = models.PositiveIntegerField(_("for how many"), default=1)
    uses = models.PositiveIntegerField(_("used"), default=0)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="invitation_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(uses__lte=F("most_uses")), name="invitation_not_used_too_often"
            ),
        ]

    def __str__(self) -> str:
        return self.email or str(self.created_at)

    def is_usable(self, at: datetime) -> bool:
        """Return whether the link still lets somebody in at this moment."""
        return self.uses < self.most_uses and at < self.expires_at and self.withdrawn_at is None
