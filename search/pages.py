"""The page of the search."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.errors import Invalid
from search import positions
from search.forms import SearchForm
from search.queries import Results, find, places


@dataclass(frozen=True, slots=True)
class Example:
    """A line of the help: what one types, and what it finds."""

    typed: str
    finds: str


def examples() -> list[Example]:
    """The query language by examples, in the reader's language."""
    return [
        Example("puppet theatre", _("texts with both words, in any order")),
        Example('"open call"', _("these words together")),
        Example("exhib*", _("words that begin so")),
        Example("stage -dance", _("texts with the one word and without the other")),
        Example("from:anna · from:me", _("what somebody wrote, by name")),
        Example('in:harbour · in:"Open calls"', _("in rooms that are called so")),
        Example("after:2026-05 · before:2026 · on:2026-05-31", _("from then on, until then, then")),
        Example("has:link · has:file", _("with a link or a file in it")),
        Example("lang:et", _("in this language, by its code")),
    ]


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What one may read and asks for, newest first; without a question, how to ask."""
    form = SearchForm(request.GET, places=places(request.user))
    found: Results | None = None
    try:
        query = form.query()
        if not query.is_empty:
            position = positions.read(request.GET.get("cursor", ""))
            found = find(request.user, query, after=position)
    except Invalid as refusal:
        for name, texts in refusal.fields.items():
            if form.is_valid():
                for text in texts:
                    form.add_error(name if name in form.fields else None, str(text))
    address = request.GET.copy()
    address.pop("cursor", None)
    values = {
        "form": form,
        "found": found,
        "query": address.urlencode(),
        "first": "cursor" not in request.GET,
        "next": positions.as_text(found.after) if found and found.after else "",
        "examples": examples(),
    }
    return render(request, "search/search.html", values, status=422 if form.errors else 200)
