"""Pictures of members: how they are made small, where they are stored and under which address.

Every picture is drawn anew as a square JPEG (`files.images`), in two sizes, named by the digest of
the larger one; nothing of the file that was sent survives but pixels. They lie apart from what
everybody may read, since a picture has an audience.
"""

import io
from enum import IntEnum
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse

from files.images import clean_picture, reencode

CONTENT_TYPE: Final = "image/jpeg"


class Size(IntEnum):
    """The side of a stored picture in pixels; twice what a page shows it at."""

    SMALL = 96
    LARGE = 320


PICTURE: Final[dict[str, Any]] = {"longest_px": Size.LARGE, "square": True, "kind": "JPEG"}
"""How `files.images.clean_picture` draws one."""


def picture_path(member_id: int, digest: str, size: Size) -> str:
    """Return where a member's picture lies in the storage of files."""
    return f"people/{member_id}/{digest}-{size:d}.jpg"


def picture_address(member_id: int, digest: str, size: Size) -> str:
    """Return the address of a member's picture, which changes with it; "" without one."""
    if not digest:
        return ""
    return reverse("members:picture", args=[member_id, digest, int(size)])


def store_picture(member_id: int, sent: ContentFile[bytes]) -> str:
    """Store a member's picture that `draw_picture` made, in every size; return its digest."""
    digest = str(sent.name).partition(".")[0]
    storage = storages["files"]
    for size in Size:
        path = picture_path(member_id, digest, size)
        if storage.exists(path):
            continue
        small = reencode(io.BytesIO(sent.read()), longest_px=size, square=True, kind="JPEG")
        sent.seek(0)
        storage.save(path, ContentFile(small.data))
    return digest


def draw_picture(sent: object) -> ContentFile[bytes]:
    """Return the picture that a form's file field holds, drawn anew as a square.

    Raises:
        ValidationError: too large, or not a picture that can be read.
    """
    return clean_picture(sent, **PICTURE)


def delete_picture(member_id: int, digest: str) -> None:
    """Delete every size of a member's picture; without one nothing happens."""
    if digest:
        for size in Size:
            storages["files"].delete(picture_path(member_id, digest, size))
