"""Countries: ISO 3166-1 alpha-2 codes and their names in the site's languages.

Names come from Unicode CLDR (through Babel); the countries of the Baltic Sea region come first.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from base.languages import active_locale, names_in, sort_key

REGION: Final = ("DE", "DK", "EE", "FI", "LT", "LV", "PL", "RU", "SE")
"""The countries around the Baltic Sea, where most members live."""

_CODES: Final = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""

COUNTRIES: Final = frozenset(_CODES.split())
"""Every country that ISO 3166-1 has a code for, 249."""


def country_name(code: str, locale: str | None = None) -> str:
    """The name of a country in a site language (default: the active one); else the code itself."""
    name: str = names_in(locale or active_locale()).territories.get(code, code)
    return name


def country_choices(
    codes: Iterable[str] = COUNTRIES, locale: str | None = None
) -> list[tuple[str, str]]:
    """Codes with names: the countries of the region, then the others, each sorted by name."""
    wanted = frozenset(codes)
    return [choice for choice in _choices(locale or active_locale()) if choice[0] in wanted]


@lru_cache(maxsize=32)
def _choices(locale: str) -> Sequence[tuple[str, str]]:
    named = sorted(
        ((code, country_name(code, locale)) for code in COUNTRIES),
        key=lambda choice: sort_key(choice[1], locale),
    )
    return sorted(named, key=lambda choice: choice[0] not in REGION)
