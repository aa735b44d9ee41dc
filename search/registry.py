"""What can be found: each app says it of its own rows, once, in its ``apps.py``.

Invariant: a source's ``visible`` is the app's own ``access.py``: a result is shown only if its row
is among them now, whatever the index holds.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from jobs.following import Change, following
from search.index import forget, write
from search.texts import Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are said, such as a room, and its page."""

    id: int
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An author as results show them."""

    id: int
    name: str
    organisation: str
    country: str
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """One row as results show it.

    Attributes:
        url: Its permalink, which opens it in its context.
        title: Empty where its kind has none.
        body: Plain text.
        language: BCP 47; empty where it is not known.
        author: None where the account was erased.
    """

    id: int
    url: str
    place: Place
    title: str
    body: str
    language: str
    author: Person | None
    at: datetime


@dataclass(frozen=True)
class Source:
    """One kind of things that are found.

    Attributes:
        kind: Its name, lasting, at most 20 characters.
        label: What people call several of them.
        topics: Kinds of topics whose events tell of changes.
        events: Names of those events; their subject is a row of this kind.
        read: ids to their texts as they are now, in a constant number of queries; what is gone or
            deleted is left out.
        walk: ``(after, limit, topic)`` to the next ids in order, of one topic or (empty) of all.
        visible: ``actor`` to the rows that the actor may read now, through ``access.py``.
        show: ``(actor, ids)`` to what results show, in a constant number of queries.
        places: ``(actor, name)`` to the places that the actor may read and that the name fits;
            without a name all of them. One query.
        authors: ``(actor, name)`` to ids of people whom the name fits. One query.
    """

    kind: str
    label: Promise | str
    topics: Collection[str]
    events: Collection[str]
    read: Callable[[Collection[int]], Sequence[Text]]
    walk: Callable[[int, int, str], Sequence[int]]
    visible: Callable[[Any], QuerySet[Any]]
    show: Callable[[Any, Collection[int]], Mapping[int, Found]]
    places: Callable[[Any, str], Sequence[Place]]
    authors: Callable[[Any, str], Sequence[int]]


_sources: dict[str, Source] = {}
AT_ONCE = 200


def register(source: Source) -> None:
    """Have rows of this kind found; a kind is registered once."""
    if source.kind in _sources:
        message = f"search source {source.kind} is registered twice"
        raise ValueError(message)
    _sources[source.kind] = source

    def follow(changes: Sequence[Change]) -> None:
        refresh(source, {each.subject for each in changes if each.subject is not None})

    def fill(topic: str) -> None:
        rebuild(source, topic)

    following(
        name=f"search.{source.kind}",
        kinds=source.topics,
        events=source.events,
        on_gap=fill,
    )(follow)


def sources() -> Mapping[str, Source]:
    """All sources by kind."""
    return _sources


def refresh(source: Source, ids: Collection[int]) -> None:
    """Bring the index in line with those rows as they are now."""
    texts = source.read(ids)
    write(source.kind, texts)
    forget(source.kind, set(ids) - {text.id for text in texts})


def rebuild(source: Source, topic: str = "") -> int:
    """Index all rows of a kind anew, or those of one topic; returns how many were looked at.

    What is in the index and no longer there stays hidden, since its row is gone.
    """
    after, total = 0, 0
    while ids := source.walk(after, AT_ONCE, topic):
        refresh(source, ids)
        after, total = ids[-1], total + len(ids)
    return total
