"""Template filters that name countries, languages and time zones in the reader's language."""

from django import template

from base import countries, languages
from members import regions, sectors
from members.profile import place_name

register = template.Library()
register.filter(place_name)
register.filter(regions.region_name)
register.filter(sectors.sector_label)
register.filter(languages.language_name)


@register.filter
def country_name(code: str) -> str:
    """Return the name of a country, "" for none."""
    return countries.country_name(code) if code else ""


@register.filter
def language_names(tags: list[str]) -> str:
    """Return the names of languages, cut at commas, in the given order."""
    return ", ".join(languages.language_name(tag) for tag in tags)
