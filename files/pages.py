"""Files as browsers read them: rights asked every time, and nothing that a page would run.

Only what was drawn anew or is played by the browser itself is shown in place; everything else is a
download. Every answer is sandboxed, so even a content that a browser took for a page could neither
run anything nor read anything of this site.
"""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any, BinaryIO
from urllib.parse import quote

from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from base.errors import NotFound
from files.access import readable_file
from files.models import File
from files.rules import PLAYED, SHOWN

BLOCK = 256 * 1024
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")


@require_safe
def file(request: HttpRequest, file_id: uuid.UUID, name: str) -> HttpResponseBase:
    """A file's bytes, or the range of them that a player asks for."""
    del name  # for people; what it is called when it is saved says the file itself
    found = readable_file(request.user, file_id)
    shown = found.content_type in SHOWN | PLAYED and "download" not in request.GET
    disposition = _disposition(found, inline=shown)
    return _bytes(request, found.stored, f'"{found.sha256}"', found.content_type, disposition)


@require_safe
def thumbnail(request: HttpRequest, file_id: uuid.UUID) -> HttpResponseBase:
    """The small still picture of a picture."""
    found = readable_file(request.user, file_id)
    if not found.is_picture:
        raise NotFound
    tag = f'"{found.sha256}-small"'
    return _bytes(request, found.stored_thumbnail, tag, "image/webp", "inline")


def _disposition(found: File, *, inline: bool) -> str:
    """RFC 6266: the name in UTF-8, and as ASCII for whoever does not read that."""
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", found.name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"


def _bytes(
    request: HttpRequest, stored: str, tag: str, content_type: str, disposition: str
) -> HttpResponseBase:
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Authorization",
        "Content-Disposition": disposition,
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
    }
    if tag in [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]:
        return HttpResponse(status=304, headers=headers)
    storage = storages["files"]
    try:
        size = storage.size(stored)
    except FileNotFoundError as error:
        raise NotFound from error
    part = _range(request, tag, size)
    if part is None:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    first, last = part
    headers |= {"Content-Length": str(last - first + 1)}
    is_part = last - first + 1 < size
    if is_part:
        headers |= {"Content-Range": f"bytes {first}-{last}/{size}"}
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=content_type, headers=headers)
    body = _blocks(lambda: storage.open(stored), first, last)
    return StreamingHttpResponse(body, status=status, content_type=content_type, headers=headers)


def _range(request: HttpRequest, tag: str, size: int) -> tuple[int, int] | None:
    """First and last byte that are asked for; None for a range that is not there."""
    whole = (0, size - 1)
    found = _RANGE.match(request.headers.get("Range", ""))
    # Several ranges, other units and ranges of another version are answered with everything.
    if found is None or found[0] == "bytes=-" or request.headers.get("If-Range", tag) != tag:
        return whole
    if not found[1]:
        return (max(0, size - int(found[2])), size - 1) if int(found[2]) else None
    first = int(found[1])
    last = min(int(found[2]) if found[2] else size - 1, size - 1)
    return (first, last) if first <= last else None


async def _blocks(open_it: Callable[[], Any], first: int, last: int) -> AsyncIterator[bytes]:
    """The bytes in blocks, read in a thread: never the whole file in memory."""
    content: BinaryIO = await asyncio.to_thread(open_it)
    try:
        await asyncio.to_thread(content.seek, first)
        left = last - first + 1
        while left and (block := await asyncio.to_thread(content.read, min(BLOCK, left))):
            left -= len(block)
            yield block
    finally:
        await asyncio.to_thread(content.close)
