"""Tables of moderation.

Invariants: a block has one direction, and the one who is blocked is not told; a report keeps what
was reported as it was, whatever becomes of it afterwards.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.clock import now
from moderation.vocabulary import MAX_KIND, MAX_NOTE, Reason


class Block(models.Model):
    """One member wants nothing of another."""

    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocked_by")
    made_at = models.DateTimeField(_("made"), default=now)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("blocker", "blocked"), name="moderation_one_block"),
            models.CheckConstraint(
                condition=~Q(blocker=F("blocked")), name="moderation_nobody_blocks_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} {self.blocked_id}"


class Report(models.Model):
    """Something that a member showed to the moderators.

    Attributes:
        kind: What was reported, as an app registered it, e.g. ``message``.
        object_id: Its id; it may be gone by now.
        author: Who made it; null where nobody did, or the account was erased.
        address: Path of the page where it stood.
        context: The thing as it was and what stood around it, as its app keeps them.
    """

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="reports"
    )
    kind = models.CharField(max_length=MAX_KIND)
    object_id = models.PositiveBigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="reports_about"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=MAX_NOTE, blank=True)
    address = models.CharField(max_length=300)
    context = models.JSONField(default=dict)
    filed_at = models.DateTimeField(_("filed"), default=now, db_index=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("reporter", "kind", "object_id"), name="moderation_one_report"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values), name="moderation_reason_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
