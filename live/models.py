"""The log and what guards it: heads, events, idempotency keys, access tokens."""

import uuid

from django.conf import settings
from django.db import models

from base.clock import now


class Log(models.Model):
    """The log itself: one row, whose epoch changes only when a backup is restored."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    epoch = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="live_one_log"),)

    def __str__(self) -> str:
        return str(self.epoch)


class Topic(models.Model):
    """The head of one topic's log; its row is what writers lock.

    Invariant: events ``first_seq`` to ``seq`` of the topic exist, each exactly once.
    """

    name = models.CharField(max_length=64, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    first_seq = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """One event: who did what to which row. What it shows is read from that row when sent.

    Neither ``topic`` nor ``by`` has an index of its own: the primary key serves every read.
    """

    pk = models.CompositePrimaryKey("topic_id", "seq")
    topic = models.ForeignKey(
        Topic, models.CASCADE, related_name="events", db_index=False, db_constraint=False
    )
    seq = models.PositiveBigIntegerField()
    event = models.CharField(max_length=40)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    key = models.UUIDField(null=True)
    subject = models.BigIntegerField(null=True)
    data = models.JSONField(null=True)
    access = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.topic_id} {self.seq} {self.event}"


class WriteKey(models.Model):
    """An idempotency key that was used, what it was used for, and the answer it got."""

    pk = models.CompositePrimaryKey("member_id", "key")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    key = models.UUIDField()
    digest = models.BinaryField(max_length=16)
    reply = models.JSONField()
    at = models.DateTimeField(default=now, db_index=True)

    def __str__(self) -> str:
        return f"{self.member_id} {self.key}"


def everything() -> list[str]:
    """The scopes of a token that was made without saying which."""
    return ["read", "write"]


class AccessToken(models.Model):
    """A token with which a member's programs sign in; only its digest is kept.

    Attributes:
        scopes: What it may do, as ``live/scopes.py`` has it.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=everything)
    made_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name
