"""Reads of the files that messages show."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from chat.access import visible_channels
from chat.models import Attachment
from files.events import FileCard
from files.queries import card_of


def files_of(message_ids: Collection[int]) -> dict[int, list[FileCard]]:
    """The files of messages, in their order. One query; none without messages."""
    found: dict[int, list[FileCard]] = defaultdict(list)
    if message_ids:
        rows = Attachment.objects.filter(message_id__in=message_ids).select_related("file")
        for row in rows.order_by("message_id", "position"):
            found[row.message_id].append(card_of(row.file, row.alt))
    return found


def readable_files(actor: Any, file_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the files that a message shows which the actor may read now. One query."""
    rows = Attachment.objects.filter(
        file_id__in=file_ids,
        message__deleted_at=None,
        message__channel__in=visible_channels(actor),
    )
    return set(rows.values_list("file_id", flat=True))


def shown_files(file_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the files that any message shows. One query."""
    rows = Attachment.objects.filter(file_id__in=file_ids)
    return set(rows.values_list("file_id", flat=True))
