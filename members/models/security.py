"""What happened to an account's security, and how often strangers tried at its door."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.clock import now
from members.models.people import Member
from members.vocabulary import SecurityKind

AGENT_LENGTH = 200


class SecurityEvent(models.Model):
    """Something that its owner should be able to look up: a sign-in, a new password, a token.

    Attributes:
        is_undone: Of a change of address that was taken back, or that followed one that was.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="security_events")
    kind = models.CharField(_("what"), max_length=24, choices=SecurityKind.choices)
    at = models.DateTimeField(_("when"), default=now)
    ip = models.GenericIPAddressField(_("address"), null=True)
    agent = models.CharField(_("browser"), max_length=AGENT_LENGTH, blank=True)
    is_undone = models.BooleanField(_("taken back"), default=False)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=SecurityKind.values), name="security_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"


class Allowance(models.Model):
    """How often something was tried lately: the table of Django's database cache.

    All processes count together through it. A key names an address or a member by number, a
    value holds moments alone.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "members_allowance"

    def __str__(self) -> str:
        return self.cache_key
