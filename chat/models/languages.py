"""Which languages a member reads, and what becomes of messages in others."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from chat.vocabulary import Others


class LanguageChoice(models.Model):
    """One member's choice; without a row, texts in all languages are shown.

    Attributes:
        reads: BCP 47 tags; empty stands for the languages of the profile.
        others: What is done with texts in other languages.
    """

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    reads = models.JSONField(default=list)
    others = models.CharField(max_length=4, choices=Others.choices, default=Others.SHOW)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(others__in=Others.values), name="chat_others_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.others}"
