"""Tables of files.

Invariants: an account's ``used_bytes`` counts what is kept and what was announced and may still
come; the bytes of a file are in the storage ``files`` under :attr:`File.stored` once it is ready,
until then in the folder of unfinished uploads; a row goes after its bytes.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from base.clock import now
from files.vocabulary import MAX_ACCOUNT, MAX_ALT, MAX_NAME, State


class Account(models.Model):
    """Who a file counts for, e.g. ``organisation:3`` or ``member:7``, and how much that has."""

    name = models.CharField(_("account"), max_length=MAX_ACCOUNT, primary_key=True)
    used_bytes = models.PositiveBigIntegerField(_("used bytes"), default=0)

    class Meta:
        verbose_name = _("account of files")
        verbose_name_plural = _("accounts of files")

    def __str__(self) -> str:
        return self.name


class File(models.Model):
    """Something that a member brought.

    Attributes:
        key: What the announcement was sent with; the same again names the same file.
        announced_bytes: How long the upload is to be.
        received_bytes: How much of it is on disk: what came beyond it does not count.
        kept_bytes: What it takes now, its thumbnail included; 0 until it is ready.
        content_type: Found by content when all had come; empty until then.
        place: The kind of place it belongs to, as the app registered it that looks after it; empty
            while it is only its owner's.
        reason: The code of what was wrong with it, where it was refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="files"
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="files")
    key = models.UUIDField(null=True, editable=False)
    name = models.CharField(_("name"), max_length=MAX_NAME)
    content_type = models.CharField(_("type"), max_length=100, blank=True)
    announced_bytes = models.PositiveBigIntegerField(_("announced bytes"))
    received_bytes = models.PositiveBigIntegerField(_("received bytes"), default=0)
    kept_bytes = models.PositiveBigIntegerField(_("kept bytes"), default=0)
    size_bytes = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    alt = models.CharField(_("description"), max_length=MAX_ALT, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.UPLOADING
    )
    reason = models.CharField(max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("made"), default=now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=now, editable=False)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ("-created_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "key"), name="file_one_per_key"),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="file_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(received_bytes__lte=models.F("announced_bytes")),
                name="file_receives_what_was_announced",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("state", "place", "changed_at"), name="file_to_sweep"),
            models.Index(fields=("owner", "-created_at"), name="file_of_owner"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stored(self) -> str:
        """Its name in the storage."""
        return f"{self.id.hex[:2]}/{self.id.hex}"

    @property
    def stored_thumbnail(self) -> str:
        """The name of its thumbnail in the storage; only pictures have one."""
        return f"{self.stored}.webp"

    @property
    def is_picture(self) -> bool:
        """Whether it was drawn anew, and has a thumbnail."""
        return self.width is not None
