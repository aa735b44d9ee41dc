"""Copies of whole rooms that their owners asked for."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from base.clock import now
from base.ids import new_key
from chat.models.channels import Channel
from chat.vocabulary import CopyForm


class RoomCopy(models.Model):
    """A room as one file, made by a job and kept for some days.

    Attributes:
        member: Who asked, and alone may fetch it, as long as the room is theirs.
        key: The name of its file, which nobody can guess.
        made_at: When the file was complete; None while it is being made.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="copies")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="room_copies")
    form = models.CharField(max_length=8, choices=CopyForm.choices)
    key = models.UUIDField(default=new_key, unique=True, editable=False)
    asked_at = models.DateTimeField(default=now)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(form__in=CopyForm.values), name="chat_copy_form_is_known"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)
