"""What the details of a profile may say: their limits, and what is wrong with a change of them."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from django.utils.translation import gettext as _

from base.languages import is_language_tag
from members.events import ProfileChange, ProfileLink, WorkingHours
from members.models.profiles import FIELDS
from members.profile import text_problem
from members.sectors import is_sector
from members.vocabulary import Audience, Level

LENGTHS: Final[Mapping[str, int]] = {"pronouns": 40, "interests": 600, "about": 1200}
MOST_SECTORS: Final = 20
MOST_LINKS: Final = 8
LINK_LENGTH: Final = 300
LABEL_LENGTH: Final = 60
DAYS: Final = range(1, 8)


def detail_errors(change: ProfileChange) -> dict[str, list[str]]:
    """Return what is wrong with the details of a change, by field, in the active language."""
    wrong: dict[str, list[str]] = {}
    for name, length in LENGTHS.items():
        value = getattr(change, name)
        if value is not msgspec.UNSET and (problem := text_problem(value, length)):
            wrong[name] = [problem]
    checks: dict[str, Callable[[Any], str]] = {
        "levels": _levels_problem,
        "working_hours": _hours_problem,
        "sectors": _sectors_problem,
        "links": _links_problem,
        "audiences": _audiences_problem,
    }
    for name, check in checks.items():
        value = getattr(change, name)
        if value is not msgspec.UNSET and (problem := check(value)):
            wrong[name] = [problem]
    return wrong


def clock_time(text: str) -> time | None:
    """Return the time of day that `HH:MM` says, None for anything else."""
    hours, colon, minutes = text.partition(":")
    digits = (hours + minutes).isascii() and (hours + minutes).isdigit()
    if not colon or not digits or len(hours) != len("HH") or len(minutes) != len("MM"):
        return None
    try:
        return time(int(hours), int(minutes))
    except ValueError:
        return None


def is_web_address(url: str) -> bool:
    """Return whether a link leads to a web page and nowhere else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    has_spaces = any(letter.isspace() for letter in url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not has_spaces


def _levels_problem(levels: dict[str, str]) -> str:
    known = {"", *Level.values}
    if all(is_language_tag(tag) and level in known for tag, level in levels.items()):
        return ""
    return _("This is not a list of languages with their levels.")


def _hours_problem(hours: WorkingHours) -> str:
    times = {bool(hours.start), bool(hours.end)}
    is_known = all(not text or clock_time(text) for text in (hours.start, hours.end))
    are_days = all(day in DAYS for day in hours.days) and len(set(hours.days)) == len(hours.days)
    if not is_known or not are_days:
        return _("These are not days of the week and times of day.")
    if len(times) == 1:
        return ""
    return _("Please give both the beginning and the end, or neither.")


def _sectors_problem(codes: list[str]) -> str:
    if len(codes) > MOST_SECTORS:
        return _("At most %(limit)d sectors.") % {"limit": MOST_SECTORS}
    return "" if all(is_sector(code) for code in codes) else _("This sector is not known.")


def _links_problem(links: list[ProfileLink]) -> str:
    if len(links) > MOST_LINKS:
        return _("At most %(limit)d links.") % {"limit": MOST_LINKS}
    for link in links:
        if not is_web_address(link.url):
            return _("A link begins with http:// or https://.")
        problem = text_problem(link.url, LINK_LENGTH) or text_problem(link.label, LABEL_LENGTH)
        if problem:
            return problem
    return ""


def _audiences_problem(audiences: dict[str, str]) -> str:
    if audiences.keys() <= set(FIELDS) and set(audiences.values()) <= set(Audience.values):
        return ""
    return _("This is not a list of fields with their audiences.")
