"""What templates say of cooperation requests."""

from django import template
from django.utils.translation import gettext as _

from base.countries import country_name
from base.languages import language_name
from matchmaking.models import CooperationRequest
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
