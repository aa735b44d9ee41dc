"""Channels and who is in them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from base.clock import now
from chat.vocabulary import MAX_NAME, MAX_PURPOSE, Role


class Channel(models.Model):
    """A place to talk: public ones are read by every member, private ones by those in them."""

    name = models.CharField(_("name"), max_length=MAX_NAME)
    purpose = models.CharField(_("purpose"), max_length=MAX_PURPOSE, blank=True)
    is_public = models.BooleanField(_("public"), default=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(_("created"), default=now)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        """Name of its topic."""
        return f"chat:{self.pk}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Filters over memberships."""

    def inside(self) -> "MembershipQuerySet":
        """Those of members who are in the channel."""
        return self.exclude(role=Role.OUT)


class Membership(models.Model):
    """One member's place in one channel.

    Attributes:
        since: The ``seq`` from which the log may be replayed: that of being let in again.
        read_seq: Everything up to it was read.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=9, choices=Role.choices, default=Role.MEMBER)
    since = models.PositiveBigIntegerField(default=0)
    read_seq = models.PositiveBigIntegerField(default=0)
    joined_at = models.DateTimeField(_("joined"), default=now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("channel", "member"), name="chat_one_membership"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="chat_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.member_id} {self.role}"

    @property
    def is_inside(self) -> bool:
        """Whether the member is in the channel."""
        return self.role != Role.OUT

    @property
    def moderates(self) -> bool:
        """Whether the member may look after the channel."""
        return self.role in {Role.OWNER, Role.MODERATOR}
