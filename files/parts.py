"""Unfinished uploads on disk: what came so far, under a lock that other processes see as well.

They are plain files in one folder, which all processes of a site must share, as they share the
storage of what is ready. Nothing here holds more than 64 KiB in memory.
"""

import fcntl
import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from base.errors import Conflict

BLOCK: int = 64 * 1024


class Source(Protocol):
    """What bytes are read from."""

    def read(self, size: int = ..., /) -> bytes:
        """At most so many of the next bytes; none at the end."""


def folder() -> Path:
    """Where unfinished uploads lie, made if it was missing; readable by the server alone."""
    path = Path(settings.FILES["parts"])
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(file_id: uuid.UUID) -> Path:
    """Where an upload's bytes lie."""
    return folder() / file_id.hex


@contextmanager
def held(file_id: uuid.UUID) -> Iterator[BinaryIO]:
    """The upload's bytes to write, for one request at a time among all processes.

    Raises:
        Conflict: ``files.busy``, another request is writing.
    """
    with path_of(file_id).open("a+b") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(code="files.busy", retry_after_s=1.0) from error
        # "a" always appends: the same file again, to be written anywhere.
        with path_of(file_id).open("r+b") as part:
            yield part


def copy(source: Source, target: BinaryIO, most: int) -> int:
    """Copy bytes block by block to the end of the source, at most one more than ``most``.

    Returns:
        How many were copied; more than ``most`` means that there were too many.
    """
    done = 0
    while done <= most and (block := source.read(min(BLOCK, most + 1 - done))):
        target.write(block)
        done += len(block)
    return done


def digest_of(content: BinaryIO) -> str:
    """SHA-256 of a content from its beginning, in hexadecimal."""
    content.seek(0)
    digest = hashlib.sha256()
    while block := content.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def remove(file_id: uuid.UUID) -> None:
    """Delete what came of an upload, if anything did."""
    for suffix in ("", ".drawn", ".small"):
        path_of(file_id).with_suffix(suffix).unlink(missing_ok=True)
