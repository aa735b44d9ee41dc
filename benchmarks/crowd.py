"""A crowd of made-up profiles, the same every time, for measuring the speed of suggestions."""

import random
from collections.abc import Iterator
from typing import Final

from matchmaking.engine.profiles import Profile, Text

NOW: Final = 1_800_000_000.0
_DAY: Final = 86400.0
_COUNTRIES: Final = ("DE", "PL", "SE", "FI", "DK", "LT", "LV", "EE", "NO", "NL", "FR", "IT")
_SHARES: Final = (30, 18, 12, 9, 8, 5, 4, 4, 3, 3, 2, 2)
_TONGUES: Final = ("de", "pl", "sv", "fi", "da", "lt", "lv", "et", "nb", "nl", "fr", "it")
_SECTORS: Final = tuple(
    code for head in range(13) for code in (f"S{head}", *(f"S{head}.{part}" for part in range(5)))
)
_FORMS: Final = tuple(f"form{number}" for number in range(20))
_KINDS: Final = ("business", "network", "public", "school")
_SIZES: Final = ("one", "few", "many")
_WORDS: Final = 30_000


def crowd(count: int, *, words: int = 60) -> Iterator[Profile]:
    """Yield so many profiles, numbered from 1.

    Args:
        count: How many.
        words: Of each one's texts, drawn as words of a language are: a few often, most rarely.
    """
    chance = random.Random(7)
    sets = {
        codes: [frozenset(chance.sample(codes, chance.randint(1, 4))) for _ in range(4096)]
        for codes in (_SECTORS, _FORMS)
    }
    speaks = {
        tongue: [frozenset({tongue}), frozenset({tongue, "en"}), frozenset({tongue, "en", "ru"})]
        for tongue in _TONGUES
    }
    some = [frozenset(chance.sample(_COUNTRIES, 6)) for _ in range(30)]
    wanted = [frozenset[str](), *some]
    lexicon = [_word(number) for number in range(_WORDS)] if words else []

    def said(length: int) -> tuple[Text, ...]:
        drawn = (lexicon[int(_WORDS ** chance.random()) - 1] for _ in range(length))
        return (Text("en", " ".join(drawn)),) if length else ()

    for number in range(1, count + 1):
        place = chance.choices(range(12), _SHARES)[0]
        yield Profile(
            id=number,
            country=_COUNTRIES[place],
            region=f"{_COUNTRIES[place]}{chance.randint(1, 9)}",
            languages=chance.choice(speaks[_TONGUES[place]]),
            sectors=chance.choice(sets[_SECTORS]),
            offers=chance.choice(sets[_FORMS]),
            needs=chance.choice(sets[_FORMS]),
            wanted=chance.choice(wanted) if chance.random() < 0.3 else wanted[0],
            size=chance.choice(_SIZES),
            kind=chance.choice(_KINDS),
            looking_for=said(words // 3),
            description=said(words - words // 3),
            renewed=NOW - chance.randint(0, 89) * _DAY,
            expires=NOW + 90 * _DAY,
            joined=NOW - chance.randint(0, 1500) * _DAY,
        )


def _word(number: int) -> str:
    letters = ""
    for _ in range(6):
        number, rest = divmod(number * 7 + 3, 23)
        letters += "abcdefghijklmnoprstuvyz"[rest]
    return letters
