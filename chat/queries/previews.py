"""Reads of the previews of links."""

from collections import defaultdict
from collections.abc import Collection
from urllib.parse import urlsplit

from django.urls import reverse

from chat.events.previews import LinkPreview
from chat.models import Preview
from chat.vocabulary import PreviewState
from live.rows import fetch

LINK = '<a href="http'
"""Stands in the HTML of every message that links to the web."""


def previews_of(message_ids: Collection[int]) -> dict[int, list[LinkPreview]]:
    """What messages show of their links, by message, in the order of the links. One query."""
    if not message_ids:
        return {}
    found: dict[int, list[LinkPreview]] = defaultdict(list)
    rows = fetch(Preview, ("message_id",), [(pk,) for pk in message_ids])
    for row in sorted(rows, key=lambda row: (row.message_id, row.position)):
        if row.state == PreviewState.SHOWN:
            found[row.message_id].append(preview_shown(row))
    return found


def preview_shown(row: Preview) -> LinkPreview:
    """A preview in the shape of the wire. No query."""
    picture = reverse("chat:preview_picture", args=[row.pk]) if row.picture else None
    return LinkPreview(
        id=row.pk,
        url=row.url,
        title=row.title,
        description=row.description,
        site=row.site or (urlsplit(row.url).hostname or ""),
        picture=picture,
        width=row.width,
        height=row.height,
    )
