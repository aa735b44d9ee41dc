"""Finding: the index, joined kind by kind to the rows that the reader may see now."""

import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from search.grammar import Query, refused
from search.index import matching
from search.models import Entry
from search.registry import Found, Place, Source, sources
from search.vocabulary import MAX_NAMES, PAGE
from search.words import Piece, snippet


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the results, which are newest first."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found, with a part of it around the words looked for."""

    kind: str
    found: Found
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Results:
    """Some results, newest first; ``after`` is where the next begin, None at the end."""

    results: list[Result]
    after: Position | None


def find(actor: Any, query: Query, *, after: Position | None = None, limit: int = PAGE) -> Results:
    """What the actor may read and the query asks for, newest first.

    One query for the words' stems on PostgreSQL, and for each source one for the search, one for
    what results show and one for each name that the query has.

    Raises:
        Invalid: ``search.query``, a name stands for nobody or for no place.
    """
    authors = _ids(query.authors, partial(_authors, actor), _NOBODY)
    places_in = _ids(query.places, partial(_places, actor), _NOWHERE)
    entries = Entry.objects.filter(*matching(query))
    if after is not None:
        entries = entries.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.id))
    newest: list[tuple[datetime, int, str, int]] = []
    # Each kind in a query of its own: PostgreSQL joins entries with what may be read of one kind,
    # and of several in one condition it looks through all that may be read for each entry.
    for kind, source in sources().items():
        own = entries.filter(_of_source(actor, source, query))
        if query.authors:
            own = own.filter(author_id__in=authors[kind])
        if query.places:
            own = own.filter(place_id__in=places_in[kind])
        fields = own.order_by("-at", "-pk").values_list("at", "pk", "kind", "object_id")
        newest += fields[: limit + 1]
    rows = sorted(newest, reverse=True)[: limit + 1]
    shown = {
        kind: source.show(actor, [row[3] for row in rows if row[2] == kind])
        for kind, source in sources().items()
    }
    results = [
        Result(kind, found, snippet(found.body, query.wanted))
        for _at, _pk, kind, object_id in rows[:limit]
        if (found := shown[kind].get(object_id)) is not None
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return Results(results, Position(last[0], last[1]) if last else None)


def _of_source(actor: Any, source: Source, query: Query) -> Q:
    """The condition on entries of one kind, but for their words and the names in it."""
    # By EXISTS both databases look at the rows of what was found; by IN, SQLite reads all of them.
    wanted = Q(Exists(source.visible(actor).filter(pk=OuterRef("object_id"))), kind=source.kind)
    if query.place_ids:
        wanted &= Q(place_id__in=query.place_ids)
    if query.languages:
        wanted &= Q(language__in=query.languages)
    if query.has:
        wanted &= Q(**{f"has_{name}": True for name in query.has})
    if query.since:
        wanted &= Q(at__gte=_midnight(query.since))
    if query.until:
        wanted &= Q(at__lt=_midnight(query.until))
    return wanted


_NOBODY = _("from: nobody here is called “{name}”.")
_NOWHERE = _("in: there is no room called “{name}” that you can read.")


def _ids(
    names: Sequence[str], look: Callable[[Source, str], Sequence[int]], unknown: Promise
) -> Mapping[str, set[int]]:
    """What any of the names stands for, by kind of source; one query a source and name.

    Raises:
        Invalid: ``search.query``, one of them stands for nothing in any source.
    """
    found: dict[str, set[int]] = {kind: set() for kind in sources()}
    for name in names:
        here = {kind: look(source, name)[:MAX_NAMES] for kind, source in sources().items()}
        if not any(here.values()):
            raise refused([format_lazy(str(unknown), name=name)])
        for kind, ids in here.items():
            found[kind].update(ids)
    return found


def _authors(actor: Any, source: Source, name: str) -> Sequence[int]:
    return [actor.pk] if name.lower() == "me" else source.authors(actor, name)


def _places(actor: Any, source: Source, name: str) -> Sequence[int]:
    return [place.id for place in source.places(actor, name)]


def _midnight(day: date) -> datetime:
    """The beginning of a day in the reader's zone."""
    zone = timezone.get_current_timezone()
    try:
        return datetime.combine(day, time(), zone).astimezone(zoneinfo.ZoneInfo("UTC"))
    except OverflowError:
        return datetime.combine(day, time(), zoneinfo.ZoneInfo("UTC"))


def places(actor: Any) -> list[Place]:
    """All places that the actor may search in, by name. One query a source."""
    found = [place for source in sources().values() for place in source.places(actor, "")]
    return sorted(found, key=lambda place: place.name.casefold())
