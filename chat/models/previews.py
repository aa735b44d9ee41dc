"""What messages show of the pages that they link to."""

from typing import ClassVar

from django.db import models

from base.clock import now
from chat.models.messages import Message
from chat.vocabulary import PreviewState


class Preview(models.Model):
    """One link of a message and what its page said of itself when it was fetched.

    Attributes:
        position: Among the previews of the message, from 0.
        picture: Name of the drawn picture in the storage ``files``; empty where there is none.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="previews")
    position = models.PositiveSmallIntegerField()
    url = models.TextField()
    title = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=400, blank=True)
    site = models.CharField(max_length=100, blank=True)
    picture = models.CharField(max_length=100, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    state = models.CharField(
        max_length=7, choices=PreviewState.choices, default=PreviewState.WAITING
    )
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=PreviewState.values),
                name="chat_preview_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.url
