"""What a matching profile may say: its limits, and what is wrong with a change of it."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Final

import msgspec
from django.utils.translation import gettext as _

from base.countries import COUNTRIES
from base.languages import is_language_tag
from matchmaking.events.profiles import SaveMatching
from matchmaking.vocabulary import MOST_WEEKLY, Budget, Cooperation, Facet, Programme
from members.sectors import is_sector
from members.vocabulary import SizeClass

MOST_FORMS: Final = 12
MOST_SECTORS: Final = 8
MOST_LANGUAGES: Final = 12
MOST_COUNTRIES: Final = 60
MOST_PROGRAMMES: Final = 12

FIELDS: Final = {
    Facet.OFFER: "offers",
    Facet.NEED: "needs",
    Facet.SECTOR: "sectors",
    Facet.WANTED: "wanted",
    Facet.EXCLUDED: "excluded",
    Facet.LANGUAGE: "languages",
    Facet.SIZE: "sizes",
    Facet.PROGRAMME: "programmes",
}
"""Under which name a change says what of each facet."""

_LISTS: Final[dict[str, tuple[Callable[[str], bool], int]]] = {
    "offers": (Cooperation.values.__contains__, MOST_FORMS),
    "needs": (Cooperation.values.__contains__, MOST_FORMS),
    "private_needs": (Cooperation.values.__contains__, MOST_FORMS),
    "sectors": (is_sector, MOST_SECTORS),
    "wanted": (COUNTRIES.__contains__, MOST_COUNTRIES),
    "excluded": (COUNTRIES.__contains__, MOST_COUNTRIES),
    "languages": (is_language_tag, MOST_LANGUAGES),
    "sizes": (SizeClass.values.__contains__, len(SizeClass.values)),
    "programmes": (Programme.values.__contains__, MOST_PROGRAMMES),
}


def matching_errors(change: SaveMatching) -> dict[str, list[str]]:
    """Return what is wrong with the fields of a change, in the active language."""
    wrong: dict[str, list[str]] = {}
    for name, (is_known, most) in _LISTS.items():
        said = getattr(change, name)
        if said is msgspec.UNSET:
            continue
        if len(said) > most:
            wrong[name] = [_("Choose at most %(limit)d.") % {"limit": most}]
        elif not all(is_known(code) for code in said):
            wrong[name] = [_("One of these is not known.")]
    language = change.language
    if isinstance(language, str) and language and not is_language_tag(language):
        wrong["language"] = [_("This is not a language's tag.")]
    if change.budget is not msgspec.UNSET and change.budget not in {"", *Budget.values}:
        wrong["budget"] = [_("This budget is not known.")]
    if change.weekly is not msgspec.UNSET and not 0 <= change.weekly <= MOST_WEEKLY:
        wrong["weekly"] = [_("Choose a number up to %(limit)d.") % {"limit": MOST_WEEKLY}]
    for name in ("starts_on", "ends_on"):
        said = getattr(change, name)
        if isinstance(said, str) and date_of(said) is None:
            wrong[name] = [_("This is not a date.")]
    return wrong


def date_of(text: str | None) -> date | None:
    """Return the date that an ISO 8601 text says, None where it says none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def contradictions(
    *,
    needs: Collection[str],
    private: Collection[str],
    wanted: Collection[str],
    excluded: Collection[str],
    starts_on: date | None,
    ends_on: date | None,
) -> dict[str, list[str]]:
    """Return what does not go together in a profile as it would be, by field."""
    wrong: dict[str, list[str]] = {}
    if not set(private) <= set(needs):
        wrong["private_needs"] = [_("Only what you look for can be private.")]
    if set(wanted) & set(excluded):
        wrong["excluded"] = [_("A country cannot be wanted and left out.")]
    if starts_on and ends_on and ends_on < starts_on:
        wrong["ends_on"] = [_("This lies before the beginning.")]
    return wrong
