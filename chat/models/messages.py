"""Messages and what hangs on them.

Invariants: within a channel ids and ``seq`` of messages grow together, since both are given
under the lock of its topic; a deleted message keeps its row and loses its words.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models

from base.clock import now
from chat.models.channels import Channel
from chat.vocabulary import MAX_EMOJI


class Message(models.Model):
    """What somebody said; ``html`` is its text, rendered and cleaned when it was written.

    Attributes:
        nth: How many messages stood in the channel with this one, those in threads apart and
            deleted ones included: what lies between two messages is a difference.
        thread: The message under which this one stands in a thread; such a root has none itself.
        replies: How many replies stand in the thread under it; the last one at ``replied_at``.
        repliers: Ids of those who replied last, the newest first; null without a thread.
        is_forward: Whether a :class:`Forward` belongs to it.
        has_files: Whether it shows files.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="messages", db_index=False)
    seq = models.PositiveBigIntegerField()
    nth = models.PositiveBigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="messages",
        db_index=False,
    )
    text = models.TextField()
    html = models.TextField()
    language = models.CharField(max_length=16, blank=True)
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="answers")
    thread = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="in_thread", db_index=False
    )
    replies = models.PositiveIntegerField(default=0)
    replied_at = models.DateTimeField(null=True)
    repliers = models.JSONField(null=True)
    pinned_at = models.DateTimeField(null=True)
    is_forward = models.BooleanField(default=False)
    has_files = models.BooleanField(default=False)
    posted_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("channel", "seq"), name="chat_one_place"),
            models.CheckConstraint(
                condition=models.Q(deleted_at=None) | models.Q(text="", html=""),
                name="chat_deleted_says_nothing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("author", "channel", "seq"), name="chat_own"),
            models.Index(
                fields=("channel", "seq"),
                name="chat_deleted",
                condition=models.Q(deleted_at__isnull=False),
            ),
            models.Index(
                fields=("channel", "id"),
                name="chat_page",
                condition=models.Q(thread__isnull=True),
            ),
            models.Index(
                fields=("thread", "id"),
                name="chat_thread_page",
                condition=models.Q(thread__isnull=False),
            ),
            models.Index(
                fields=("channel", "pinned_at"),
                name="chat_pins",
                condition=models.Q(pinned_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.seq}"


class Reaction(models.Model):
    """One member's emoji on one message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=MAX_EMOJI)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("message", "emoji", "member"), name="chat_one_reaction"
            ),
        ]

    def __str__(self) -> str:
        return self.emoji
