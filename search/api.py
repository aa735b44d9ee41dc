"""REST of the search."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.clock import wire_time
from base.errors import Invalid
from live.api import as_json
from live.openapi import shape
from search import positions
from search.forms import SearchForm
from search.queries import Position, Result, find, places
from search.registry import Person
from search.vocabulary import MAX_PAGE, PAGE

PARAMETERS = [
    OpenApiParameter("q", str, description="Words, in the query language of the search page."),
    OpenApiParameter("place", int, description="Id of a room."),
    OpenApiParameter("by", str, description="A name, or `me`."),
    OpenApiParameter("since", str, description="First day, YYYY-MM-DD, in the reader's zone."),
    OpenApiParameter("until", str, description="Last day, YYYY-MM-DD, in the reader's zone."),
    OpenApiParameter("language", str, description="BCP 47, one of the site's languages."),
    OpenApiParameter("has_link", bool, description="`true`: only texts with a link."),
    OpenApiParameter("has_file", bool, description="`true`: only texts with a file."),
    OpenApiParameter("cursor", str, description="Where the page begins, from `next`."),
    OpenApiParameter("limit", int, description="At most so many, up to 50."),
]


class FoundPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a text stands, such as a room."""

    id: int
    name: str


class FoundAuthor(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote a text."""

    id: int
    name: str
    organisation: str
    country: str


class FoundPiece(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of plain text, and whether it is what was looked for."""

    text: str
    match: bool


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was found.

    Attributes:
        kind: What it is, e.g. `message`.
        url: Path of its permalink.
        title: Empty where its kind has none.
        author: Null where the account was erased.
        language: BCP 47; empty where it is not known.
        at: ISO 8601, UTC.
        pieces: A part of its text around what was looked for.
    """

    kind: str
    id: int
    url: str
    place: FoundPlace
    title: str
    author: FoundAuthor | None
    language: str
    at: str
    pieces: list[FoundPiece]


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some results, the newest first; `next` is the address of those that follow."""

    results: list[SearchResult]
    next: str | None


class SearchView(APIView):
    """``search/``."""

    @extend_schema(operation_id="search", parameters=PARAMETERS, responses=shape(SearchPage))
    def get(self, request: Request) -> HttpResponse:
        """What one may read and asks for; an empty question finds nothing."""
        limit, position = _limit(request), _position(request)
        query = SearchForm(request.query_params, places=places(request.user)).query()
        if query.is_empty:
            return as_json(SearchPage(results=[], next=None))
        found = find(request.user, query, after=position, limit=limit)
        return as_json(
            SearchPage(
                results=[_result(each) for each in found.results],
                next=_address(request, cursor=positions.as_text(found.after))
                if found.after
                else None,
            )
        )


def _result(result: Result) -> SearchResult:
    found = result.found
    return SearchResult(
        kind=result.kind,
        id=found.id,
        url=found.url,
        place=FoundPlace(id=found.place.id, name=found.place.name),
        title=found.title,
        author=_author(found.author),
        language=found.language,
        at=wire_time(found.at),
        pieces=[FoundPiece(text=piece.text, match=piece.is_match) for piece in result.pieces],
    )


def _author(author: Person | None) -> FoundAuthor | None:
    if author is None:
        return None
    return FoundAuthor(
        id=author.id, name=author.name, organisation=author.organisation, country=author.country
    )


def _address(request: Request, **changed: Any) -> str:
    values = {name: request.query_params[name] for name in request.query_params} | changed
    return f"{request.path}?{urlencode(values)}"


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "")
    if not text.isascii() or not text.isdigit() or int(text[:9]) == 0:
        return PAGE
    return min(int(text[:9]), MAX_PAGE)


def _position(request: Request) -> Position | None:
    text = request.query_params.get("cursor")
    if text is None:
        return None
    position = positions.read(text)
    if position is None:
        raise Invalid(fields={"cursor": [_("Take it from “next” of the page before.")]})
    return position
