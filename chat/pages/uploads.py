"""Files that a plain form sends with its message."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from base.errors import Refusal
from chat.actions.attachments import check_files
from files.actions import drop_file, take_file


@contextmanager
def sent_files(request: HttpRequest, member: Any) -> Iterator[Sequence[uuid.UUID]]:
    """The form's files, taken; thrown away again where the message is refused.

    Raises:
        Refusal: one is not taken, then none is.
    """
    taken: list[uuid.UUID] = []
    try:
        sent = [each for each in request.FILES.getlist("files") if isinstance(each, UploadedFile)]
        check_files([uuid.uuid4() for _ in sent])
        for each in sent:
            # Only the last part of a name gets here, so Django has looked at it already.
            file = take_file(
                actor=member, name=each.name or "", size_bytes=each.size or 0, content=each
            )
            taken.append(file.pk)
        yield taken
    except Refusal:
        for file_id in taken:
            drop_file(actor=member, file_id=file_id)
        raise
