"""What every app keeps of people: how it leaves as an export and how it is erased.

An app with tables has an ``erasure.py``, which registers its :class:`Holdings`, one per noun; it
is found at start, as ``tasks.py`` is. The registry stands below all apps, so people are ids here.
Invariant, tested: every foreign key to members and every text column of every app is named in
``columns`` of exactly one of its holdings, and nothing else is.

An erasure is begun anew after a crash, so doing any part of it twice does no harm. Apps are
erased from the top layer down, the holdings of an app in the order of registration; the member's
own row goes last, when nothing else holds anything of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
from django.apps import apps
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import QuerySet

AT_ONCE = 200
CHUNK_BYTES = 256 * 1024
_encoder = msgspec.json.Encoder()


class Texts(StrEnum):
    """What becomes of a leaving member's contributions: their own choice."""

    LEAVE = "leave"
    """They stay, without the name."""
    TAKE = "take"
    """They are taken away: words, files, reactions and votes go."""


class Outcome(StrEnum):
    """What erasing a member does to a column."""

    ERASED = "erased"
    ANONYMISED = "anonymised"
    CHOSEN = "chosen"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one column; a kept one says why."""

    outcome: Outcome
    reason: str = ""


ERASED = Fate(Outcome.ERASED)
"""The row goes, or the column is emptied, whatever the member chose."""
ANONYMISED = Fate(Outcome.ANONYMISED)
"""The row stays and no longer says whose it is."""
CHOSEN = Fate(Outcome.CHOSEN)
"""It stays without a name with `Texts.LEAVE`, and goes with `Texts.TAKE`."""


def kept(reason: str) -> Fate:
    """It stays: either no member writes it, or it is on record; the reason says which."""
    return Fate(Outcome.KEPT, reason)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of a member's export.

    Attributes:
        path: Its place in the zip, ``<app>/<name>``; relative, unique within the export.
        chunks: Its content, read once and not before it is wanted.
    """

    path: str
    chunks: Iterable[bytes]


@dataclass(frozen=True)
class Holdings:
    """What one app keeps of people in one of its nouns.

    Attributes:
        name: ``<app's label>.<noun>``, e.g. ``chat.messages``.
        columns: ``"app.Model.field"`` to what erasing does to it. Every foreign key to members
            and every text column (text, JSON, bytes, files; not those with ``choices``).
        export: A member's id to the files of their export, each read lazily and of bounded
            memory; what is others' (what they wrote, who they are) is left out.
        erase: ``(member_id, texts)`` to an iterator. Each step does a bounded part of the work
            in a transaction of its own (``live.units.unit()`` where live pages must hear of it),
            then yields; the job that drives it may stop at any yield and begin anew later.
            Files go before the rows that name them. At the end nothing is left to erase.
    """

    name: str
    columns: Mapping[str, Fate]
    export: Callable[[int], Iterator[ExportFile]]
    erase: Callable[[int, Texts], Iterator[None]]


_holdings: dict[str, Holdings] = {}


def register_holdings(holdings: Holdings) -> None:
    """Add an app's holdings of one noun; once per name."""
    if holdings.name in _holdings:
        message = f"the holdings {holdings.name} are registered twice"
        raise ValueError(message)
    _holdings[holdings.name] = holdings


def all_holdings() -> list[Holdings]:
    """What the apps registered: the top layer first, an app's in the order of registration."""
    order = [config.label for config in apps.get_app_configs()]
    return sorted(_holdings.values(), key=lambda h: -order.index(h.name.partition(".")[0]))


def nothing_to_export(_member_id: int) -> Iterator[ExportFile]:
    """For an app that keeps nothing of a member that another app does not export."""
    return iter(())


def nothing_to_erase(_member_id: int, _texts: Texts) -> Iterator[None]:
    """For an app that keeps nothing of a member."""
    return iter(())


def as_json(path: str, rows: Iterable[Any]) -> ExportFile:
    """A JSON array of rows (structs, dataclasses or mappings), one a line."""
    return ExportFile(path, _json_lines(rows))


def _json_lines(rows: Iterable[Any]) -> Iterator[bytes]:
    before = b"[\n"
    for row in rows:
        yield before + _encoder.encode(row)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def as_text(path: str, text: str) -> ExportFile:
    """A text file in UTF-8, such as a post as Markdown."""
    return ExportFile(path, iter((text.encode(),)))


def as_file(path: str, storage: Storage, name: str) -> ExportFile:
    """A copy of a stored file; empty if it is missing."""
    return ExportFile(path, _file_chunks(storage, name))


def _file_chunks(storage: Storage, name: str) -> Iterator[bytes]:
    if not storage.exists(name):
        return
    with storage.open(name, "rb") as file:
        yield from file.chunks(CHUNK_BYTES)


def delete_all(rows: QuerySet[Any], at_once: int = AT_ONCE) -> Iterator[None]:
    """Steps of an erasure that delete rows of a queryset, so many in a transaction."""
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:at_once]):
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=ids).delete()  # noqa: SLF001 - Django's documented name
        yield


def update_all(rows: QuerySet[Any], at_once: int = AT_ONCE, /, **values: Any) -> Iterator[None]:
    """Steps of an erasure that write values to rows of a queryset, so many in a transaction.

    The values must take the rows out of the queryset, or it would not end.
    """
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:at_once]):
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=ids).update(**values)  # noqa: SLF001 - Django's documented name
        yield
