"""The index: one row per text that can be found, beside it what the database searches.

Invariants: on PostgreSQL the row has a further column ``vector`` (GIN); on SQLite there is a table
``search_words`` (FTS5) whose ``rowid`` is the row's id, emptied with it by a trigger. Both are made
by the first migration. Whoever changes this table in a later migration makes the trigger anew,
since SQLite loses it with the table. A row here proves nothing: what may be shown, its app says.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """Where to find one text, and what it can be filtered by."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    place_id = models.BigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    language = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    has_link = models.BooleanField(default=False)
    has_file = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("kind", "object_id"), name="search_one_entry")
        ]
        indexes: ClassVar = [
            models.Index(fields=("kind", "at", "id"), name="search_by_kind"),
            models.Index(fields=("place_id", "at", "id"), name="search_by_place"),
            models.Index(fields=("author", "at", "id"), name="search_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
