"""Fetches the pages that messages link to, in the background."""

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from base.errors import Refusal
from chat.actions.previews import keep_picture, show_preview
from chat.models import Preview
from chat.vocabulary import PreviewState
from files.fetching import PUBLIC, UnfetchableError, Web, fetch
from files.linkcards import LinkCard, card_of, decoded
from files.studio import draw
from live.units import unit

PAGES = ("text/html", "application/xhtml+xml")
PICTURES = ("image/",)
MOST_PAGE_BYTES = 512 * 1024
MOST_PICTURE_BYTES = 4 * 1024 * 1024
_logger = structlog.get_logger("chat.previewing")


def fetch_preview(preview_id: int, web: Web = PUBLIC) -> None:
    """Fetch the page of a preview that waits for it, and show it; what fails is not tried again."""
    preview = Preview.objects.select_related("message").filter(pk=preview_id).first()
    if preview is None or preview.state != PreviewState.WAITING:
        return
    try:
        page = fetch(preview.url, types=PAGES, most_bytes=MOST_PAGE_BYTES, web=web)
    except UnfetchableError as error:
        _fail(preview, str(error))
        return
    card = card_of(decoded(page.body, page.charset), page.url)
    if not card.title:
        _fail(preview, "no title")
        return
    picture, size = _picture(card, web)
    with unit():
        show_preview(preview=preview, card=card, picture=picture, size=size)


def _fail(preview: Preview, why: str) -> None:
    # The address is a member's word and stays out of the log, but for the host.
    _logger.info("no preview", host=urlsplit(preview.url).hostname, why=why)
    Preview.objects.filter(pk=preview.pk).update(state=PreviewState.FAILED)


def _picture(card: LinkCard, web: Web) -> tuple[str, tuple[int, int] | None]:
    """The page's picture, drawn small and anew: its stored name and size; empty without one."""
    if not card.picture:
        return "", None
    try:
        sent = fetch(card.picture, types=PICTURES, most_bytes=MOST_PICTURE_BYTES, web=web)
        if not sent.is_whole:
            return "", None
        with tempfile.TemporaryDirectory(prefix="ports-preview-") as folder:
            source = Path(folder) / "sent"
            source.write_bytes(sent.body)
            drawn = draw(source)
            return keep_picture(drawn.thumbnail.read_bytes()), (drawn.width, drawn.height)
    except (UnfetchableError, Refusal) as error:
        _logger.info("no picture", host=urlsplit(card.picture).hostname, why=str(error))
        return "", None
