"""Files that messages show."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.models.messages import Message
from files.models import File
from files.vocabulary import MAX_ALT


class Attachment(models.Model):
    """A file in one place of a message; a file that is passed on stands in several messages.

    Attributes:
        position: Its place among the message's files, from 0.
        alt: What a picture shows, as this message says it.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments", db_index=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    alt = models.CharField(_("description"), max_length=MAX_ALT, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("message", "position"), name="chat_one_file_in_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.position}"
