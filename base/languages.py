"""Languages: those of the site, those that members speak, their names, and how names are sorted.

Codes are BCP 47 tags. Names come from Unicode CLDR (through Babel), in any of the site's
languages; lists are sorted as that language's own alphabet has it.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

SITE_LANGUAGES: Final[dict[str, str]] = {
    "en": "English",
    "de": "Deutsch",
    "et": "Eesti",
    "pl": "Polski",
    "da": "Dansk",
    "fi": "Suomi",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "ru": "Русский",
    "sv": "Svenska",
}
"""The languages of the interface, each with its own name for itself."""

REGION_LANGUAGES: Final = (
    "nb", "nn", "uk", "be", "se", "smn", "krl", "vro", "ltg", "liv", "sgs", "csb", "szl", "nds",
    "hsb", "dsb", "rom", "yi",
)  # fmt: skip
"""Other languages that are at home around the Baltic Sea."""

# ISO 639-1 without deprecated codes, and without what stands above.
_FURTHER: Final = """
    aa ab ae af ak am an ar as av ay az ba bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy dv dz ee
    el eo es eu fa ff fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io
    is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lu mg mh mi mk ml
    mn mr ms mt my na nd ne ng nl no nr nv ny oc oj om or os pa pi ps pt qu rm rn ro rw sa sc sd sg
    si sk sl sm sn so sq sr ss st su sw ta te tg th ti tk tl tn to tr ts tt tw ty ug ur uz ve vi vo
    wa wo xh yo za zh zu
"""

LANGUAGES: Final = (*SITE_LANGUAGES, *REGION_LANGUAGES, *_FURTHER.split())
"""Every language a member may name; those of the region first."""

_KNOWN: Final = frozenset(LANGUAGES)
_TAG: Final = re.compile(r"([a-z]{2,3})(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")

# Letters that are letters of their own, in their place; others count as what they are based on.
_ALPHABETS: Final = {
    "da": "abcdefghijklmnopqrstuvwxyzæøå",
    "et": "abcdefghijklmnopqrsšzžtuvwõäöüxy",
    "fi": "abcdefghijklmnopqrstuvwxyzåäö",
    "lt": "abcčdefghiyjklmnopqrsštuvwxzž",
    "lv": "abcčdefgģhijkķlļmnņopqrsštuvwxyzž",
    "pl": "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "sv": "abcdefghijklmnopqrstuvwxyzåäö",
}


def is_language_tag(tag: object) -> bool:
    """Whether this is a BCP 47 tag (language, script, region) of one of ``LANGUAGES``."""
    found = _TAG.fullmatch(tag) if isinstance(tag, str) else None
    return found is not None and found[1] in _KNOWN


def language_name(tag: str, locale: str | None = None) -> str:
    """The name of a language in a site language (default: the active one); else the tag itself."""
    name = language_in_text(tag, locale)
    return name if name == tag else name[:1].upper() + name[1:]


def language_in_text(tag: str, locale: str | None = None) -> str:
    """As :func:`language_name`, as it stands within a sentence: most languages write it small."""
    names = names_in(locale or active_locale())
    try:
        name = names.languages.get(tag) or Locale.parse(tag, sep="-").get_display_name(names)
    except (ValueError, UnknownLocaleError):
        name = None
    return name or tag


def language_choices(locale: str | None = None) -> list[tuple[str, str]]:
    """All of ``LANGUAGES`` with their names: the site's, the region's, then the further ones.

    Each part is sorted by name.
    """
    return list(_choices(locale or active_locale()))


@lru_cache(maxsize=32)
def _choices(locale: str) -> Sequence[tuple[str, str]]:
    site, region = len(SITE_LANGUAGES), len(SITE_LANGUAGES) + len(REGION_LANGUAGES)
    parts = (LANGUAGES[:site], LANGUAGES[site:region], LANGUAGES[region:])
    return [
        choice
        for part in parts
        for choice in sorted(
            ((tag, language_name(tag, locale)) for tag in part),
            key=lambda choice: sort_key(choice[1], locale),
        )
    ]


def active_locale() -> str:
    """The active interface language if it is one of the site's, else English."""
    active = (get_language() or "en").split("-")[0]
    return active if active in SITE_LANGUAGES else "en"


@lru_cache(maxsize=32)
def names_in(locale: str) -> Locale:
    """Babel's names in a site language."""
    return Locale(locale)


def sort_key(name: str, locale: str) -> tuple[list[int], str]:
    """Sorts names as the alphabet of a site language does, whatever their case and accents."""
    alphabet = _ALPHABETS.get(locale, "")
    key: list[int] = []
    for letter in unicodedata.normalize("NFC", name.casefold()):
        base = letter if letter in alphabet else unicodedata.normalize("NFKD", letter)[0]
        place = alphabet.find(base)
        key.append(place + _FIRST_LETTER if place >= 0 else ord(base))
    return key, name


_FIRST_LETTER: Final = ord("a")
