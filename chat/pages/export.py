"""The export of a channel, streamed."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify

from base.errors import Forbidden
from chat.access import channel_for
from chat.queries.export import as_json, as_markdown
from live.api import place_of

FORMS = {
    "json": (as_json, "application/json", "json"),
    "markdown": (as_markdown, "text/markdown; charset=utf-8", "md"),
}


def exported(request: HttpRequest, channel_id: int) -> HttpResponseBase:
    """The channel as a file: ``?as=json``, or Markdown.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: does not own it.
    """
    channel = channel_for(request.user, channel_id)
    if "member.role" not in place_of(request.user, channel.topic).reach.can:
        raise Forbidden
    write, content_type, ending = FORMS["json" if request.GET.get("as") == "json" else "markdown"]
    pieces = write(channel)
    is_async = isinstance(request, ASGIRequest)
    answer = StreamingHttpResponse(
        _awaited(pieces) if is_async else pieces, content_type=content_type
    )
    name = slugify(channel.name) or f"room-{channel.pk}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


async def _awaited(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, each made in a thread when it is wanted."""
    nothing = b""
    while True:
        piece = await sync_to_async(lambda: next(pieces, nothing))()
        if not piece:
            return
        yield piece
