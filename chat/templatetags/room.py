"""Template tags of the chat: which messages read as one, and the times beside them.

Invariants: rows are grouped as `static/src/chat/model.ts` groups them, so that a row looks the same
whether the page or the script made it; times are in the reader's zone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime
from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone_name, localtime
from django.utils.translation import gettext as _

import base.ids
from base.languages import active_locale, language_name
from chat.events.languages import LanguagesChosen
from chat.vocabulary import Others

register = template.Library()

TOGETHER = timedelta(minutes=5)
Message = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One message of a page.

    Attributes:
        message: As the wire has it.
        number: Its id as text, as ``seq`` and ``author`` are: that costs a template less.
        day: The date where a new day begins, else None.
        is_first_unread: Whether the line "New messages" stands above it.
        classes: Beside ``message``; whether it reads as one with the message before, names the
            reader, is deleted.
        foreign: ``fold`` or ``hide`` where the reader does so with its language, else empty.
        language: The name of its language where the reader does not read it.
        clock: When it was posted, for the row; ``exact`` in full.
        place: The author's organisation and country.
        page: Address of the author's page, where the reader may open it.
        picture: Address of the author's picture, where there is one for the reader.
        is_bookmarked: Whether the reader has bookmarked it.
    """

    message: Message
    number: str
    seq: str
    author: str
    day: date | None
    is_first_unread: bool
    classes: str
    foreign: str
    language: str
    clock: str
    exact: str
    place: str
    page: str
    picture: str
    is_bookmarked: bool


@register.simple_tag
def message_rows(
    messages: Iterable[Message],
    read_seq: int | None,
    reader: Any,
    reading: LanguagesChosen | None,
    bookmarks: Collection[int],
    faces: Mapping[int, str],
) -> list[Row]:
    """Messages with what stands around them, in the given order.

    Args:
        messages: Oldest first.
        read_seq: How far the reader has read; None for somebody who keeps no marker.
        reader: Whose own messages are never new, nor in a foreign language.
        reading: The languages that the reader reads; None shows no language.
        bookmarks: Ids of messages that the reader has bookmarked.
        faces: As ``members.queries.faces``.
    """
    rows: list[Row] = []
    is_unread_found = is_hidden = False
    before: Message | None = None
    day_before: date | None = None
    marked = frozenset(bookmarks)
    people = reverse("members:profile", args=[0]).removesuffix("0/")
    for message in messages:
        author = message["author"] or {}
        pk = author.get("id")
        day, clock, exact = _said_at(message["posted_at"], get_current_timezone_name(), _locale())
        is_own = pk == reader.pk
        is_new = (
            not is_unread_found and read_seq is not None and message["seq"] > read_seq
        ) and not is_own
        is_unread_found = is_unread_found or is_new
        is_foreign = not is_own and _is_foreign(message, reading)
        is_continued = (
            before is not None
            and day == day_before
            and not (is_new or is_hidden)
            and _continues(before, message)
        )
        foreign = reading.others if reading and is_foreign and reading.others != "show" else ""
        picture = faces.get(pk) if pk else None
        rows.append(
            Row(
                message=message,
                number=str(message["id"]),
                seq=str(message["seq"]),
                author=str(pk or ""),
                day=day if day != day_before else None,
                is_first_unread=is_new,
                classes=_classes(message, reader, is_continued=is_continued),
                foreign=foreign,
                language=language_name(message["language"]) if is_foreign else "",
                clock=clock,
                exact=exact,
                place=", ".join(filter(None, (author.get("organisation"), author.get("country")))),
                page="" if picture is None else f"{people}{pk}/",
                picture=picture or "",
                is_bookmarked=message["id"] in marked,
            )
        )
        before, day_before, is_hidden = message, day, foreign == Others.HIDE
    return rows


def _classes(message: Message, reader: Any, *, is_continued: bool) -> str:
    wanted = {
        " message-continued": is_continued,
        " message-for-me": names(message, reader),
        " message-deleted": message["deleted"],
    }
    return "".join(name for name, is_wanted in wanted.items() if is_wanted)


@lru_cache(maxsize=8192)
def _said_at(value: str, _zone: str, locale: str) -> tuple[date, str, str]:
    """Day, hours and minutes, and the time in full, in the zone that is active.

    A room's newest messages are shown to many, again and again.
    """
    at = moment(value)
    return at.date(), clock_time(at), format_datetime(at, "full", locale=locale)


_DEFAULTS: dict[str, Any] = {
    "text": "", "language": "", "reply_to": None, "edited_at": None, "deleted": False,
    "reactions": [], "mentions": [], "thread": None, "replies": None, "pinned": False,
    "forwarded": None, "previews": [], "files": [],
}  # fmt: skip


@register.simple_tag
def kept_messages(messages: Iterable[Message], faces: Mapping[int, str]) -> dict[str, Any]:
    """What the script is given of the messages that stand in the page: what their rows lack.

    ``static/src/chat/kept.ts`` puts it together again: authors stand once, the HTML in the rows,
    and a value that most messages have is left out.
    """
    people: dict[int, Any] = {}
    rows = []
    for message in messages:
        row = {
            key: value
            for key, value in message.items()
            if key != "html" and not (key in _DEFAULTS and value == _DEFAULTS[key])
        }
        if author := message["author"]:
            people[author["id"]] = author
            row["author"] = author["id"]
        if forwarded := message["forwarded"]:
            row["forwarded"] = {key: forwarded[key] for key in forwarded if key != "html"}
        rows.append(row)
    return {"people": list(people.values()), "faces": faces, "messages": rows}


def _is_foreign(message: Message, reading: LanguagesChosen | None) -> bool:
    tag = message["language"]
    return bool(
        reading and reading.reads and tag and tag not in reading.reads and not message["deleted"]
    )


def _continues(before: Message, message: Message) -> bool:
    if message["reply_to"] or not before["author"] or not message["author"]:
        return False
    if before["author"]["id"] != message["author"]["id"]:
        return False
    apart = moment(message["posted_at"]) - moment(before["posted_at"])
    return timedelta(0) <= apart < TOGETHER


def moment(value: datetime | str) -> datetime:
    """A wire time or a datetime, in the reader's zone.

    Raises:
        ValueError: the text is no time.
    """
    parsed = parse_datetime(value) if isinstance(value, str) else value
    if parsed is None:
        message = f"no time: {value!r}"
        raise ValueError(message)
    return localtime(parsed)


def _locale() -> str:
    """The reader's language; English as Europe writes its dates."""
    locale = active_locale()
    return "en_GB" if locale == "en" else locale


@register.filter
def clock_time(value: datetime | str) -> str:
    """Hours and minutes, as all countries of the region write them."""
    return moment(value).strftime("%H:%M")


@register.filter
def exact_time(value: datetime | str) -> str:
    """Date and time in full, with the zone named."""
    return format_datetime(moment(value), "full", locale=_locale())


@register.filter
def short_moment(value: datetime | str) -> str:
    """Day and time in few letters, for lists."""
    return format_datetime(moment(value), "d MMM y, HH:mm", locale=_locale())


@register.filter
def day_name(value: date) -> str:
    """A date with its weekday, as people say it."""
    return format_date(value, "full", locale=_locale())


@register.filter
def has_reacted(reaction: Mapping[str, Any], member_id: int) -> bool:
    """Whether the member is among those whom a reaction names."""
    return member_id in reaction["members"]


def names(message: Message | None, member: Any) -> bool:
    """Whether a message names the member, their organisation or everybody."""
    if not message or message["deleted"] or not message["mentions"]:
        return False
    own = {("member", member.pk), ("organisation", member.organisation_id), ("here", 0)}
    named = message["mentions"]
    return any((each["kind"], each["id"]) in own for each in named)


@register.filter
def reply_count(replies: Mapping[str, Any]) -> str:
    """How many replies stand in a thread, in words that scripts have too."""
    total = replies["total"]
    text = _("{count} reply") if total == 1 else _("{count} replies")
    return text.replace("{count}", str(total))


@register.filter
def wire_time(value: datetime | str) -> str:
    """A time for the `datetime` attribute."""
    return value if isinstance(value, str) else value.isoformat()


@register.filter
def file_size(size_bytes: int) -> str:
    """Like "640 KB" or "1.4 MB"; scripts write the same (`static/src/chat/files.ts`)."""
    tenths = size_bytes * 10 // 1024**2
    return f"{tenths // 10}.{tenths % 10} MB" if tenths >= 10 else f"{-(-size_bytes // 1024)} KB"  # noqa: PLR2004 - one megabyte


@register.filter
def plays(file: Mapping[str, Any] | None, kind: str) -> bool:
    """Whether the browser plays a file as this kind: audio or video."""
    return file is not None and bool(file["plays"]) and str(file["type"]).startswith(kind)


@register.simple_tag
def most_file_bytes(unit: str = "") -> int:
    """How large a file may be, in bytes or in MB."""
    most = int(settings.FILES["most_bytes"])
    return most // 1024**2 if unit == "MB" else most


@register.simple_tag
def new_key() -> str:
    """A key for one more form of the page, which stands for one write."""
    return str(base.ids.new_key())
