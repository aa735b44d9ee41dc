"""What is not said yet: drafts, and messages that wait for their time."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from base.clock import now
from chat.models.channels import Channel
from chat.models.messages import Message
from chat.vocabulary import ScheduledState


class Draft(models.Model):
    """What a member began to write in a channel or a thread; gone once it is empty."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="drafts")
    thread = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")
    reply_to = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-saved_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("member", "channel"),
                condition=models.Q(thread__isnull=True),
                name="chat_one_draft",
            ),
            models.UniqueConstraint(
                fields=("member", "thread"),
                condition=models.Q(thread__isnull=False),
                name="chat_one_draft_in_thread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.channel_id}"


class Scheduled(models.Model):
    """A message that waits for its time; it goes once it was said.

    Attributes:
        key: Under which it is posted, so that it is said once.
        code: Why it could not be said; empty while it waits.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="scheduled")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="scheduled")
    thread = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")
    reply_to = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    due_at = models.DateTimeField()
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        max_length=7, choices=ScheduledState.choices, default=ScheduledState.WAITING
    )
    code = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=ScheduledState.values),
                name="chat_scheduled_state_is_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("due_at", "id"),
                name="chat_due",
                condition=models.Q(state=ScheduledState.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.due_at}"
