"""What templates of matchmaking say of teams."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from base.countries import country_name
from matchmaking.events.consortia import SeatFound
from matchmaking.queries.reasons import listed
from matchmaking.vocabulary import ConsortiumState, Cooperation

register = template.Library()


@register.filter
def form_label(code: str) -> str:
    """Return a form of cooperation in words."""
    return str(Cooperation(code).label)


@register.filter
def form_labels(codes: Iterable[str]) -> str:
    """Return forms of cooperation in words, as a list in a sentence."""
    return listed(form_label(code) for code in codes)


@register.filter
def consortium_state(code: str) -> str:
    """Return how far a consortium has come, in words."""
    return str(ConsortiumState(code).label)


@register.filter
def wire_time(text: str) -> datetime:
    """Return a moment as the wire has it."""
    return datetime.fromisoformat(text)


@register.filter
def why_in_team(seat: SeatFound) -> list[str]:
    """Return why one is in a team, as sentences."""
    found = []
    if seat.alone:
        text = _("The only one of the team to offer: %(forms)s")
        found.append(text % {"forms": form_labels(seat.alone)})
    if others := [code for code in seat.needs if code not in seat.alone]:
        found.append(_("Offers too: %(forms)s") % {"forms": form_labels(others)})
    if seat.brings_country:
        text = _("The only one from this country: %(country)s")
        found.append(text % {"country": country_name(seat.organisation.country)})
    if not found:
        found.append(_("Fits the others well."))
    return found
