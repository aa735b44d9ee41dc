"""What a profile may say: its limits, and what is wrong with a change of it."""

from functools import cache
from zoneinfo import available_timezones

import msgspec
from babel.core import get_global
from django.utils.translation import gettext as _

from base.countries import COUNTRIES
from base.errors import Invalid
from base.languages import SITE_LANGUAGES, is_language_tag
from base.text import clean_text, one_line
from members.events import ProfileChange

NAME_LENGTH = 120
ORGANISATION_LENGTH = 160
MOST_LANGUAGES = 20


@cache
def time_zones() -> frozenset[str]:
    """Return the time zones that a member may choose: places, and UTC."""
    return frozenset(
        name
        for name in available_timezones()
        if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/", "US/")))
    )


def zone_of_country(country: str) -> str:
    """Return the time zone of a country, from CLDR; "" where it has several.

    Büsingen, a German village, keeps Swiss time; villages do not count.
    """
    zones = [z for z in get_global("territory_zones").get(country, ()) if z != "Europe/Busingen"]
    return zones[0] if len(zones) == 1 and zones[0] in time_zones() else ""


def place_name(zone: str) -> str:
    """Return an IANA time zone as people read it, without underscores."""
    return zone.replace("_", " ")


def text_problem(text: str, length: int) -> str:
    """Return why a text cannot be kept, in the active language; "" for what can."""
    try:
        clean_text(text, length)
    except Invalid as refusal:
        return str(refusal.detail)
    return ""


def profile_errors(change: ProfileChange) -> dict[str, list[str]]:
    """Return what is wrong with a change of profile, by field, in the active language."""
    wrong: dict[str, list[str]] = {}
    if change.name is not msgspec.UNSET:
        if not one_line(change.name):
            wrong["name"] = [_("Please give your name.")]
        elif problem := text_problem(change.name, NAME_LENGTH):
            wrong["name"] = [problem]
    if change.organisation is not msgspec.UNSET and (
        problem := text_problem(change.organisation, ORGANISATION_LENGTH)
    ):
        wrong["organisation"] = [problem]
    if change.country is not msgspec.UNSET and change.country not in COUNTRIES:
        wrong["country"] = [_("This is not a country's two-letter code.")]
    if change.languages is not msgspec.UNSET:
        if len(change.languages) > MOST_LANGUAGES:
            wrong["languages"] = [_("At most %(limit)d languages.") % {"limit": MOST_LANGUAGES}]
        elif not all(is_language_tag(tag) for tag in change.languages):
            wrong["languages"] = [_("This is not a list of language tags.")]
    if change.time_zone is not msgspec.UNSET and change.time_zone not in time_zones():
        wrong["time_zone"] = [_("This time zone is not known.")]
    if change.locale is not msgspec.UNSET and change.locale not in {"", *SITE_LANGUAGES}:
        wrong["locale"] = [_("The site does not speak this language.")]
    return wrong
