"""What templates say of cooperation requests and of figures."""

from dataclasses import dataclass

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from base.countries import country_name
from base.languages import language_name
from matchmaking.models import CooperationRequest
from matchmaking.queries.figures import Row, Table
from matchmaking.queries.reasons import listed
from matchmaking.vocabulary import Cooperation, Facet
from members.sectors import in_order, sector_label

register = template.Library()


def _forms(row: CooperationRequest, facet: Facet) -> list[str]:
    return [str(Cooperation(code).label) for code in row.codes(facet)]


@register.filter
def sought(row: CooperationRequest) -> list[tuple[str, str]]:
    """Return what a request says, as label and text. No query where choices were loaded with it."""
    found = [
        (_("Looks for"), _forms(row, Facet.NEED)),
        (_("Offers"), _forms(row, Facet.OFFER)),
        (_("Sectors"), [sector_label(code) for code in in_order(row.codes(Facet.SECTOR))]),
        (_("Partners in"), [country_name(code) for code in row.codes(Facet.WANTED)]),
        (_("Languages"), [language_name(tag) for tag in row.codes(Facet.LANGUAGE)]),
    ]
    return [(label, listed(values)) for label, values in found if values]


@register.filter
def forms(row: CooperationRequest) -> str:
    """Return in one line what a request looks for and offers."""
    said = [
        _("Looks for: %(forms)s") % {"forms": listed(_forms(row, Facet.NEED))}
        if row.codes(Facet.NEED)
        else "",
        _("Offers: %(forms)s") % {"forms": listed(_forms(row, Facet.OFFER))}
        if row.codes(Facet.OFFER)
        else "",
    ]
    return " · ".join(filter(None, said))


@register.filter
def figure(value: float | None) -> str:
    """Return a figure as the reader's language writes it: a share in percent, a count as it is."""
    if value is None:
        return _("too few")
    if isinstance(value, int):
        return str(number_format(value, force_grouping=True))
    return str(number_format(round(value, 2), decimal_pos=2))


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: its length of a hundred, and what it says."""

    place: int
    width: int
    text: str
    label: str


@register.simple_tag
def bars(row: Row, table: Table) -> list[Bar]:
    """Return the bars of one line of a table: shares, of the whole."""
    found = []
    for place in table.bars:
        value = row.values[place]
        text = _("too few") if value is None else f"{number_format(round(value * 100, 1), 1)} %"
        width = 0 if value is None else min(round(value * 100), 100)
        found.append(Bar(place, width, text, table.columns[place + 1]))
    return found
