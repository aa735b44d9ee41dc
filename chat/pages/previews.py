"""Pictures of link previews, and the plain form that takes a preview off."""

from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from base.errors import NotFound
from chat.access import preview_for
from chat.events.previews import RemovePreview
from chat.pages.door import do, to_message
from members.pages.door import members_only

HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@members_only
@require_safe
def picture(request: HttpRequest, preview_id: int) -> HttpResponse:
    """The picture of a preview, for whoever may read its message."""
    preview = preview_for(request.user, preview_id)
    if not preview.picture:
        raise NotFound
    try:
        with storages["files"].open(preview.picture) as file:
            return HttpResponse(file.read(), content_type="image/webp", headers=HEADERS)
    except FileNotFoundError as error:
        raise NotFound from error


@members_only
@require_POST
def remove(request: HttpRequest, channel_id: int, message_id: int, preview_id: int) -> HttpResponse:
    """Take a preview off a message."""
    data = RemovePreview(id=message_id, preview=preview_id)
    do(request, "preview.remove", f"chat:{channel_id}", data)
    return to_message(channel_id, message_id)
