"""Emoji by their short names, as ``:thumbs_up:`` or ``:+1:``.

The names are those of Unicode CLDR in English and their usual aliases, as the `emoji` library
lists them; only fully qualified emoji are in it.
"""

import re
from functools import cache
from typing import Final

import emoji

SHORTCODE: Final = re.compile(r":([\w+-]{2,60}):")


@cache
def emoji_by_name() -> dict[str, str]:
    """All emoji by their names in lower case, without colons; about 4,000."""
    found: dict[str, str] = {}
    for character, facts in emoji.EMOJI_DATA.items():
        if facts["status"] != emoji.STATUS["fully_qualified"]:
            continue
        for name in (facts["en"], *facts.get("alias", ())):
            if SHORTCODE.fullmatch(name):
                found.setdefault(name.strip(":").lower(), character)
    return found


def with_emoji(text: str) -> str:
    """The text with emoji for the short names in it; what is none stays."""
    if ":" not in text:
        return text
    return SHORTCODE.sub(lambda m: emoji_by_name().get(m[1].lower(), m[0]), text)
