"""Reads of the site's settings."""

from base.languages import SITE_LANGUAGES
from members.models.people import Member
from members.models.site import SiteSettings


def site_settings() -> SiteSettings:
    """Return the site's settings, or the defaults before it is set up. One query."""
    return SiteSettings.objects.filter(pk=1).first() or SiteSettings()


def is_first_run() -> bool:
    """Return whether nobody has set this instance up yet. At most two queries.

    An instance that has members was set up on the command line.
    """
    return not site_settings().is_set_up and not Member.objects.exists()


def interface_languages(site: SiteSettings) -> list[tuple[str, str]]:
    """Return the languages that the site offers, code and own name, in the project's order."""
    return [
        (code, name)
        for code, name in SITE_LANGUAGES.items()
        if not site.languages or code in site.languages
    ]
