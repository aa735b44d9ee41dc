"""The export of a channel, streamed."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from base.errors import Conflict
from chat.access import owned_channel
from chat.models import Channel
from chat.queries.copies import is_large
from chat.queries.export import as_json, as_markdown
from chat.vocabulary import CopyForm

FORMS = {
    CopyForm.JSON.value: (as_json, "application/json", "json"),
    CopyForm.MARKDOWN.value: (as_markdown, "text/markdown; charset=utf-8", "md"),
}


def exported(request: HttpRequest, channel_id: int) -> HttpResponseBase:
    """The channel as a file: ``?as=json``, or Markdown.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: does not own it.
        Conflict: ``chat.room_large``, it has more than 5,000 messages.
    """
    channel = owned_channel(request.user, channel_id)
    if is_large(channel):
        raise Conflict(
            code="chat.room_large",
            detail=_("This room is too large to be sent at once. Have a copy made of it."),
        )
    write, content_type, ending = FORMS["json" if request.GET.get("as") == "json" else "markdown"]
    pieces = write(channel)
    is_async = isinstance(request, ASGIRequest)
    answer = StreamingHttpResponse(
        _awaited(pieces) if is_async else pieces, content_type=content_type
    )
    answer.headers["Content-Disposition"] = file_name(channel, ending)
    return answer


def file_name(channel: Channel, ending: str) -> str:
    """The header that says how the file of a channel is called."""
    name = slugify(channel.name) or f"room-{channel.pk}"
    return f'attachment; filename="{name}.{ending}"'


async def _awaited(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, each made in a thread when it is wanted."""
    nothing = b""
    while True:
        piece = await sync_to_async(lambda: next(pieces, nothing))()
        if not piece:
            return
        yield piece
