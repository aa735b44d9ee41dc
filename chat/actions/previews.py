"""Writes of link previews: which a message has, what was fetched for one, taking one off."""

import html
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from base.clock import now
from base.errors import Forbidden, NotFound
from base.ids import new_key
from chat.access import message_in, moderates, require
from chat.events.previews import MessagePreviewed
from chat.models import Message, Preview
from chat.queries.previews import LINK, previews_of
from chat.vocabulary import MAX_PREVIEWS, PreviewState
from files.linkcards import MAX_URL, LinkCard
from live.registry import Written
from live.units import append
from members.models import Member

_LINK: Final = re.compile(r'<a href="(https?://[^"]+)"')
MOST: Final = 30
WITHIN: Final = timedelta(minutes=10)
"""An author's links beyond so many in so long are not fetched."""


def links_in(rendered: str) -> list[str]:
    """The first addresses of the web that a message links to, each once; not of this site."""
    own = urlsplit(settings.SITE_URL).hostname
    found: dict[str, None] = {}
    for address in _LINK.findall(rendered):
        url = html.unescape(address).partition("#")[0]
        if len(url) <= MAX_URL and _host(url) not in {None, own}:
            found.setdefault(url)
        if len(found) == MAX_PREVIEWS:
            break
    return list(found)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def plan_previews(message_ids: Collection[int]) -> list[int]:
    """Bring the previews in line with what those messages link to now.

    Those of links that are gone go; what the author took off stays off.

    Returns:
        Ids of previews whose pages are to be fetched.
    """
    rows = Message.objects.filter(pk__in=message_ids)
    messages = {row.pk: row for row in rows.defer("text")}
    known: dict[int, dict[str, Preview]] = defaultdict(dict)
    for preview in Preview.objects.filter(message_id__in=message_ids):
        known[preview.message_id][preview.url] = preview
    fresh: list[Preview] = []
    for pk, row in messages.items():
        wanted = links_in(row.html) if row.deleted_at is None and LINK in row.html else []
        for preview in [each for url, each in known[pk].items() if url not in wanted]:
            delete_preview(preview)
        fresh += [
            Preview(message=row, position=place, url=url)
            for place, url in enumerate(wanted)
            if url not in known[pk]
        ]
    return [preview.pk for preview in Preview.objects.bulk_create(_allowed(fresh))]


def _allowed(fresh: list[Preview]) -> list[Preview]:
    """Those whose author has not had too many fetched lately. One query, none without previews."""
    if not fresh:
        return []
    authors = {preview.message.author_id for preview in fresh}
    counts: dict[int | None, int] = defaultdict(int)
    lately = Preview.objects.filter(made_at__gt=now() - WITHIN, message__author_id__in=authors)
    for author in lately.values_list("message__author_id", flat=True):
        counts[author] += 1
    kept = []
    for preview in fresh:
        counts[preview.message.author_id] += 1
        if counts[preview.message.author_id] <= MOST:
            kept.append(preview)
    return kept


def delete_preview(preview: Preview) -> None:
    """Take a preview and, once that is committed, its picture away."""
    if preview.picture:
        transaction.on_commit(partial(storages["files"].delete, preview.picture))
    preview.delete()


def delete_previews_of_deleted() -> Iterator[None]:
    """Take away what deleted messages still had, a bounded part at a step."""
    rows = Preview.objects.filter(message__deleted_at__isnull=False)
    while found := list(rows[:200]):
        with transaction.atomic():
            for preview in found:
                delete_preview(preview)
        yield


def keep_picture(drawn: bytes) -> str:
    """Store a drawn picture; returns its name."""
    return storages["files"].save(f"previews/{new_key().hex}.webp", ContentFile(drawn))


def show_preview(
    *, preview: Preview, card: LinkCard, picture: str = "", size: tuple[int, int] | None = None
) -> None:
    """Show what a page said of itself under the message that links to it; within a unit."""
    message = preview.message
    shown = Preview.objects.filter(pk=preview.pk, state=PreviewState.WAITING).update(
        title=card.title,
        description=card.description,
        site=card.site,
        picture=picture,
        width=size[0] if size else None,
        height=size[1] if size else None,
        state=PreviewState.SHOWN,
    )
    if shown:
        _tell(None, message)


def remove_preview(*, actor: Member, channel_id: int, message_id: int, preview_id: int) -> Written:
    """Take a preview off one's own message, or as a moderator off anybody's; it stays off.

    Raises:
        NotFound: no such message or preview for this actor.
        Forbidden: somebody else's message.
    """
    channel, membership = require(actor, channel_id, "preview.remove")
    message = message_in(channel, message_id)
    if message.author_id != actor.pk and not moderates(actor, channel, membership):
        raise Forbidden
    preview = Preview.objects.filter(pk=preview_id, message=message).first()
    if preview is None or preview.state == PreviewState.WAITING:
        raise NotFound
    if preview.state == PreviewState.SHOWN:
        if preview.picture:
            transaction.on_commit(partial(storages["files"].delete, preview.picture))
        blank = {"title": "", "description": "", "site": "", "picture": ""}
        Preview.objects.filter(pk=preview.pk).update(state=PreviewState.REMOVED, **blank)
        _tell(actor, message)
    return Written(message)


def _tell(actor: Member | None, message: Message) -> None:
    shown = previews_of([message.pk]).get(message.pk, [])
    append(
        topic=f"chat:{message.channel_id}",
        event="message.previewed",
        actor=actor,
        subject=message,
        fresh=partial(MessagePreviewed, id=message.pk, previews=shown),
    )
