"""What hangs on single messages: whom they name, what they said before, what they pass on."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from base.clock import now
from chat.models.channels import Channel
from chat.models.messages import Message
from chat.vocabulary import MAX_NAME, MentionKind


class Mention(models.Model):
    """Whom a message names: a member, an organisation, or everybody who is in the channel."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    kind = models.CharField(max_length=12, choices=MentionKind.choices)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="chat_mentions"
    )
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, null=True, related_name="chat_mentions"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind=MentionKind.MEMBER, member__isnull=False, organisation=None)
                | models.Q(kind=MentionKind.ORGANISATION, member=None, organisation__isnull=False)
                | models.Q(kind=MentionKind.HERE, member=None, organisation=None),
                name="chat_mention_names_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.kind}"


class Version(models.Model):
    """What a message said before an edit, and since when."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="versions")
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.message_id} {self.written_at}"


class Forward(models.Model):
    """What a message passes on: a copy, so that all readers of its channel see the same.

    Attributes:
        source: What was passed on; it may be where the reader cannot go.
        channel: Where it was said; ``room`` is what that was called then.
        said_at: When it was said.
    """

    message = models.OneToOneField(
        Message, models.CASCADE, primary_key=True, related_name="forward"
    )
    source = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="forwards")
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="+")
    room = models.CharField(max_length=MAX_NAME, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField()
    html = models.TextField()
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.message_id} of {self.source_id}"


class Bookmark(models.Model):
    """A message that a member wants to find again."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bookmarks")
    message = models.ForeignKey(Message, models.CASCADE, related_name="bookmarks")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("member", "message"), name="chat_one_bookmark"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.message_id}"


class ThreadPlace(models.Model):
    """One member's place in one thread: whether it is followed, and how far it was read."""

    root = models.ForeignKey(Message, models.CASCADE, related_name="thread_places", db_index=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="thread_places"
    )
    is_following = models.BooleanField(default=True)
    read_seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("root", "member"), name="chat_one_thread_place"),
        ]

    def __str__(self) -> str:
        return f"{self.root_id} {self.member_id}"
