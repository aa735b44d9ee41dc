"""Pages of figures for organisers, as chart and table; and how suggestions are made."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.errors import NotFound
from matchmaking.engine.learning import ENOUGH
from matchmaking.forms.figures import WhatIfForm
from matchmaking.queries.figures import PERIODS, Table, tables, what_if
from matchmaking.queries.settings import standing_settings
from members.access import require_organiser
from members.pages.actor import actor_of
from members.pages.door import members_only
from members.tables import as_csv

DAY_S = 86400


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days in PERIODS if str(days) == asked), PERIODS[0])


@members_only
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Figures of a period, for organisers."""
    require_organiser(actor_of(request))
    days = _days(request)
    values = {"tables": tables(days), "days": days, "periods": PERIODS}
    return render(request, "matchmaking/figures.html", values)


@members_only
@require_safe
def figures_csv(request: HttpRequest, name: str) -> HttpResponse:
    """One table of a period, for spreadsheets."""
    require_organiser(actor_of(request))
    days = _days(request)
    found = next((table for table in tables(days) if table.name == name), None)
    if found is None:
        raise NotFound
    return _csv(found, f"{name}-{days}")


@members_only
@require_safe
def tries(request: HttpRequest) -> HttpResponse:
    """Who would have been seen last month with other settings, for organisers."""
    require_organiser(actor_of(request))
    asked = bool(request.GET)
    form = WhatIfForm(request.GET if asked else None)
    values: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        values["tables"] = what_if(form.tried())
    status = 422 if form.errors else 200
    return render(request, "matchmaking/what_if.html", values, status=status)


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """How suggestions are made, in words and numbers, for everybody."""
    held, outcomes = standing_settings()
    words = _words_of_terms()
    weights = held.weights.as_dict()
    named = [(words[name], weights[name]) for name in weights if name in words]
    values = {
        "weights": sorted(named, key=lambda each: -each[1]),
        "settings": held,
        "outcomes": outcomes,
        "enough": ENOUGH,
        "hub": _percent(held.hub_discount),
        "small": _percent(held.small_part),
        "newcomer": _percent(held.newcomer_part),
        "newcomer_days": round(held.newcomer_s / DAY_S),
        "fresh_days": round(held.fresh_s / DAY_S),
    }
    return render(request, "matchmaking/how.html", values)


def _percent(share: float) -> int:
    return round(share * 100)


def _words_of_terms() -> dict[str, str]:
    """What each term of a score says, in the active language."""
    return {
        "reciprocal": _("What each of the two offers meets what the other looks for"),
        "sectors": _("The two work in the same or close sectors"),
        "sought": _("What the other offers and is, in words, is like what one describes"),
        "offered": _("What one offers and is, in words, is like what the other describes"),
        "programmes": _("The other has done much in the funding programmes that one uses"),
        "network": _("The two have partners in common"),
        "country": _("Organisations of the two countries often work together"),
        "region": _("Organisations of the two regions often work together"),
        "kind": _("Organisations of the two kinds often work together"),
        "experience": _("The other has cooperated often"),
        "sizes": _("Each is of a size that the other looks for"),
        "fresh": _("The other's profile was confirmed lately"),
    }


def _csv(table: Table, name: str) -> HttpResponse:
    rows = [[row.label, *(_text(value) for value in row.values)] for row in table.rows]
    response = HttpResponse(as_csv(table.columns, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _text(value: float | None) -> str:
    """A number as the reader's language writes it; nothing for what is not shown."""
    if value is None:
        return ""
    return number_format(value if isinstance(value, int) else round(value, 4))
