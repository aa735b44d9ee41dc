"""What an organisation's page may say: its limits, and what is wrong with a change of it."""

from urllib.parse import urlsplit

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from base.clock import now
from base.countries import COUNTRIES
from base.languages import is_language_tag
from base.text import one_line
from members.events import OrganisationWords
from members.models.organisations import EARLIEST_FOUNDED
from members.regions import is_region
from members.sectors import is_sector
from members.vocabulary import OrganisationKind, SizeClass

NAME_LENGTH = 160
TOWN_LENGTH = 120
WEBSITE_LENGTH = 300
TEXT_LENGTH = 4000
MOST_SECTORS = 8
MOST_LANGUAGES = 12
MOST_TEXTS = 12
_is_website = URLValidator(schemes=["http", "https"])


def organisation_errors(change: OrganisationWords, country: str) -> dict[str, list[str]]:
    """Return what is wrong with a change, by field, in the active language.

    Args:
        change: The fields that are to change.
        country: Of the organisation after the change; a region must lie in it.
    """
    wrong: dict[str, list[str]] = {}
    if change.name is not msgspec.UNSET:
        if not one_line(change.name):
            wrong["name"] = [_("Please give the organisation's name.")]
        elif len(change.name) > NAME_LENGTH:
            wrong["name"] = [_at_most(NAME_LENGTH)]
    if change.kind is not msgspec.UNSET and change.kind not in OrganisationKind.values:
        wrong["kind"] = [_("This kind of organisation is not known.")]
    if change.country is not msgspec.UNSET and change.country not in COUNTRIES:
        wrong["country"] = [_("This is not a country's two-letter code.")]
    if (
        change.region is not msgspec.UNSET
        and change.region
        and not is_region(change.region, country)
    ):
        wrong["region"] = [_("This is not a region of the country.")]
    if change.town is not msgspec.UNSET and len(change.town) > TOWN_LENGTH:
        wrong["town"] = [_at_most(TOWN_LENGTH)]
    if change.website is not msgspec.UNSET and change.website and not is_website(change.website):
        wrong["website"] = [_("This is not an address of the web: it begins with https://.")]
    if change.size is not msgspec.UNSET and change.size not in {"", *SizeClass.values}:
        wrong["size"] = [_("This size is not known.")]
    return wrong | _wrong_year(change) | _wrong_lists(change)


def _wrong_year(change: OrganisationWords) -> dict[str, list[str]]:
    founded = change.founded
    if isinstance(founded, int) and not EARLIEST_FOUNDED <= founded <= now().year:
        return {"founded": [_("This is not a year in which it can have been founded.")]}
    return {}


def _wrong_lists(change: OrganisationWords) -> dict[str, list[str]]:
    """What is wrong with sectors, languages and descriptions."""
    wrong: dict[str, list[str]] = {}
    if change.sectors is not msgspec.UNSET:
        if len(change.sectors) > MOST_SECTORS:
            wrong["sectors"] = [_("At most %(limit)d sectors.") % {"limit": MOST_SECTORS}]
        elif not all(is_sector(code) for code in change.sectors):
            wrong["sectors"] = [_("This is not a list of sectors.")]
    if change.languages is not msgspec.UNSET:
        if len(change.languages) > MOST_LANGUAGES:
            wrong["languages"] = [_("At most %(limit)d languages.") % {"limit": MOST_LANGUAGES}]
        elif not all(is_language_tag(tag) for tag in change.languages):
            wrong["languages"] = [_("This is not a list of language tags.")]
    if change.descriptions is not msgspec.UNSET:
        if len(change.descriptions) > MOST_TEXTS:
            wrong["descriptions"] = [_("At most %(limit)d languages.") % {"limit": MOST_TEXTS}]
        elif not all(is_language_tag(tag) for tag in change.descriptions):
            wrong["descriptions"] = [_("This is not a list of language tags.")]
        elif any(len(text) > TEXT_LENGTH for text in change.descriptions.values()):
            wrong["descriptions"] = [_at_most(TEXT_LENGTH)]
    return wrong


def is_website(address: str) -> bool:
    """Return whether this is an address of the web, short enough and without a password in it."""
    try:
        _is_website(address)
        parts = urlsplit(address)
    except (ValidationError, ValueError):
        return False
    is_plain = "\0" not in address and not (parts.username or parts.password)
    return len(address) <= WEBSITE_LENGTH and is_plain


def _at_most(limit: int) -> str:
    return _("At most %(limit)d characters.") % {"limit": limit}
