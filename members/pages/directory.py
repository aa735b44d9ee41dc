"""The directory: people and organisations, filtered, as a list or a table, and for spreadsheets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from base.countries import country_name
from base.languages import language_name
from members.access import consents, is_member, organises, require_organiser
from members.access.people import Actor
from members.models import Organisation
from members.pages.actor import actor_of
from members.pages.door import members_only
from members.queries import ShownProfile, profiles_for
from members.queries.directory import (
    Asked,
    Narrowing,
    asked_for,
    found_members,
    found_organisations,
    member_facets,
    organisation_facets,
)
from members.sectors import in_order, sector_label
from members.tables import MOST_ROWS, as_csv
from members.vocabulary import Purpose

PAGE_SIZE = 30
AT_ONCE = 500
FILTERS = ("country", "sector", "kind", "language")
VIEWS = ("list", "table")


@dataclass(frozen=True)
class Part:
    """One half of the directory.

    Attributes:
        url_name: Of its page; the spreadsheet's is the same with `_csv`.
        search: What the field for words searches.
    """

    name: str
    url_name: str
    title: Promise
    search: Promise
    facets: Callable[[Actor, Asked], Narrowing]


class Counted(Paginator[Any]):
    """Pages of rows that were counted before."""

    def __init__(self, rows: QuerySet[Any], total: int) -> None:
        super().__init__(rows, PAGE_SIZE)
        self.total = total

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        return self.total


PEOPLE = Part(
    "people",
    "members:directory",
    gettext_lazy("Members"),
    gettext_lazy("Name, organisation or interest"),
    member_facets,
)
ORGANISATIONS = Part(
    "organisations",
    "members:organisations",
    gettext_lazy("Organisations"),
    gettext_lazy("Name or town"),
    organisation_facets,
)


@members_only
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """People of the directory."""
    asked = _asked(request)
    actor = actor_of(request)
    in_it = consents(actor, Purpose.DIRECTORY)
    more = {"in_directory": in_it}
    return _page(request, PEOPLE, asked, found_members(actor, asked), more)


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Organisations: to members all, to strangers those that show themselves to everyone."""
    asked = _asked(request)
    found = found_organisations(request.user, asked).prefetch_related("sectors", "languages")
    return _page(request, ORGANISATIONS, asked, found, {})


def _asked(request: HttpRequest) -> Asked:
    chosen = {name: request.GET.getlist(name) for name in FILTERS}
    return asked_for(request.GET.get("q", ""), chosen)


def _page(
    request: HttpRequest, part: Part, asked: Asked, found: QuerySet[Any], more: dict[str, Any]
) -> HttpResponse:
    narrowing = part.facets(request.user, asked)
    page = Counted(found, narrowing.total).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    view = request.GET.get("view", "")
    people = profiles_for(request.user, list(page)) if part is PEOPLE else []
    values = {
        "part": part,
        "parts": [PEOPLE, ORGANISATIONS] if is_member(request.user) else [ORGANISATIONS],
        "page": page,
        "people": people,
        "facets": narrowing.facets,
        "asked": asked,
        "words": request.GET.get("q", ""),
        "query": query.urlencode(),
        "view": view if view in VIEWS else VIEWS[0],
        "csv_name": f"{part.url_name}_csv",
        "may_export": organises(request.user),
    } | more
    return render(request, "members/directory.html", values)


@members_only
@require_safe
def directory_csv(request: HttpRequest) -> HttpResponse:
    """People that were asked for, as a table for organisers: what they see on the page, no more."""
    actor = actor_of(request)
    require_organiser(actor)
    found = found_members(actor, _asked(request))[:MOST_ROWS]
    rows: list[list[str]] = []
    members = list(found)
    for start in range(0, len(members), AT_ONCE):
        rows += [_person_row(s) for s in profiles_for(actor, members[start : start + AT_ONCE])]
    head = [_("Name"), _("Organisation"), _("Country"), _("Languages"), _("Interests"), _("Links")]
    return _csv("members", head, rows)


@members_only
@require_safe
def organisations_csv(request: HttpRequest) -> HttpResponse:
    """Organisations that were asked for, as a table for organisers."""
    actor = actor_of(request)
    require_organiser(actor)
    found = found_organisations(actor, _asked(request))
    rows = found.prefetch_related("sectors", "languages")[:MOST_ROWS]
    head = [
        _("Name"), _("Kind"), _("Country"), _("Region"), _("Town"), _("Sectors"), _("Languages"),
        _("Website"), _("Founded in"),
    ]  # fmt: skip
    return _csv("organisations", head, [_organisation_row(each) for each in rows])


def _person_row(shown: ShownProfile) -> list[str]:
    interests = [shown.interests, *(sector_label(code) for code in shown.sectors)]
    spoken = [f"{language_name(t)} {shown.levels.get(t, '')}".strip() for t in shown.languages]
    return [
        shown.name,
        shown.organisation.name if shown.organisation else "",
        country_name(shown.country) if shown.country else "",
        ", ".join(spoken),
        "; ".join(text for text in interests if text),
        " ".join(link.url for link in shown.links),
    ]


def _organisation_row(row: Organisation) -> list[str]:
    return [
        row.name,
        row.get_kind_display(),
        country_name(row.country),
        row.region,
        row.town,
        "; ".join(sector_label(code) for code in in_order(s.code for s in row.sectors.all())),
        ", ".join(language_name(spoken.language) for spoken in row.languages.all()),
        row.website,
        str(row.founded or ""),
    ]


def _csv(name: str, head: list[str], rows: list[list[str]]) -> HttpResponse:
    response = HttpResponse(as_csv(head, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
