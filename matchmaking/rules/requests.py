"""What a cooperation request may say: its limits, and what is wrong with one."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from base.countries import COUNTRIES
from base.languages import is_language_tag
from matchmaking.events.requests import ChangeRequest, PostRequest
from matchmaking.rules.profiles import (
    MOST_COUNTRIES,
    MOST_FORMS,
    MOST_LANGUAGES,
    MOST_SECTORS,
    date_of,
)
from matchmaking.vocabulary import (
    MOST_AHEAD,
    REQUEST_TEXT,
    REQUEST_TITLE,
    Cooperation,
    Facet,
    RequestAudience,
)
from members.sectors import is_sector

FIELDS: Final[Mapping[str, Facet]] = {
    "offers": Facet.OFFER,
    "needs": Facet.NEED,
    "sectors": Facet.SECTOR,
    "countries": Facet.WANTED,
    "languages": Facet.LANGUAGE,
}
"""Which facet each list of a request says."""

_LISTS: Final[dict[str, tuple[Callable[[str], bool], int]]] = {
    "offers": (Cooperation.values.__contains__, MOST_FORMS),
    "needs": (Cooperation.values.__contains__, MOST_FORMS),
    "sectors": (is_sector, MOST_SECTORS),
    "countries": (COUNTRIES.__contains__, MOST_COUNTRIES),
    "languages": (is_language_tag, MOST_LANGUAGES),
}
_TEXTS: Final = {"title": REQUEST_TITLE, "text": REQUEST_TEXT}


def request_errors(said: PostRequest | ChangeRequest, today: date) -> dict[str, list[str]]:
    """Return what is wrong with the fields that are said, in the active language."""
    wrong = _errors_of_texts(said) | _errors_of_lists(said)
    if isinstance(said.language, str) and not is_language_tag(said.language):
        wrong["language"] = [_("This is not a language's tag.")]
    if isinstance(said.audience, str) and said.audience not in RequestAudience.values:
        wrong["audience"] = [_("Choose who may read it.")]
    if isinstance(said.deadline, str):
        day = date_of(said.deadline)
        if day is None:
            wrong["deadline"] = [_("This is not a date.")]
        elif not today <= day <= today + MOST_AHEAD:
            wrong["deadline"] = [_("Choose a day within a year from today.")]
    return wrong


def _errors_of_texts(said: PostRequest | ChangeRequest) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for name, limit in _TEXTS.items():
        text = getattr(said, name)
        if isinstance(text, str) and not text.strip():
            wrong[name] = [_("Write something first.")]
        elif isinstance(text, str) and len(text) > limit:
            wrong[name] = [_("At most %(limit)d characters.") % {"limit": limit}]
    return wrong


def _errors_of_lists(said: PostRequest | ChangeRequest) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for name, (is_known, most) in _LISTS.items():
        codes = getattr(said, name)
        if isinstance(codes, list) and len(codes) > most:
            wrong[name] = [_("Choose at most %(limit)d.") % {"limit": most}]
        elif isinstance(codes, list) and not all(is_known(code) for code in codes):
            wrong[name] = [_("One of these is not known.")]
    return wrong


def lacks_purpose(offers: list[str], needs: list[str]) -> dict[str, list[str]]:
    """Return what is wrong with a request that neither seeks nor offers anything."""
    return {} if offers or needs else {"needs": [_("Choose what you look for or offer.")]}
