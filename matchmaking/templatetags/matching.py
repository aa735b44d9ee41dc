"""What templates of matchmaking say of profiles."""

from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from base.countries import country_name
from base.ids import new_key
from base.languages import language_name
from matchmaking.models import MatchingProfile
from matchmaking.queries.profiles import in_programme_order
from matchmaking.queries.reasons import listed
from matchmaking.vocabulary import Cooperation, Facet, Programme
from members.sectors import in_order, sectors
from members.vocabulary import OrganisationKind

register = template.Library()


@register.filter
def said(profile: MatchingProfile) -> list[tuple[str, str]]:
    """Return what a profile says to whom it is suggested, as label and text; never what is private.

    No query where its choices were loaded with it.
    """
    found: list[tuple[str, Sequence[object]]] = [
        (_("They look for"), [Cooperation(c).label for c in profile.codes(Facet.NEED)]),
        (_("They offer"), [Cooperation(c).label for c in profile.codes(Facet.OFFER)]),
        (_("Sectors"), [sectors()[c].label for c in in_order(profile.codes(Facet.SECTOR))]),
        (_("Languages"), [language_name(tag) for tag in profile.codes(Facet.LANGUAGE)]),
        (_("Countries they look in"), [country_name(c) for c in profile.codes(Facet.WANTED)]),
    ]
    if used := in_programme_order(profile.codes(Facet.PROGRAMME)):
        found.append((_("Funding programmes"), [Programme(code).label for code in used]))
    if profile.budget:
        found.append((pgettext("of a cooperation", "Budget"), [profile.get_budget_display()]))
    return [(label, listed(map(str, values))) for label, values in found if values]


@register.filter
def kind_label(code: str) -> str:
    """Return what kind of organisation that is; faster than its display for a list of them."""
    return str(OrganisationKind(code).label)


@register.filter
def wire_date(text: str) -> datetime:
    """Return the moment that the wire's words for it say."""
    return datetime.fromisoformat(text)


@register.simple_tag
def fresh_key() -> str:
    """Return a key for one form: sent twice, it is done once."""
    return str(new_key())
