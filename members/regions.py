"""Regions of the Baltic Sea countries: NUTS 2021 codes, and ISO 3166-2 where there is no NUTS.

`data/regions.csv` names the regions that forms offer: NUTS 2 in Germany, Denmark, Finland and
Poland, NUTS 3 in Estonia, Lithuania, Latvia and Sweden, subjects of the federation in Russia. Other
codes of the right shape are taken, too: a finer NUTS code is named by the region around it.
"""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Final

from base.countries import country_name

LONGEST: Final = 6
# The countries that NUTS covers: members of the Union, of EFTA, and candidates (Eurostat).
_WITH_NUTS: Final = """
    AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV ME MK MT NL NO PL PT RO
    RS SE SI SK TR
"""
_NUTS: Final = frozenset(_WITH_NUTS.split())
# Where NUTS writes a country otherwise than ISO 3166-1 does.
_NUTS_PREFIX: Final = {"GR": "EL", "GB": "UK"}


@cache
def regions() -> dict[str, tuple[str, str]]:
    """Return country and own name of the regions that forms offer, by code, in code order."""
    path = Path(__file__).parent / "data" / "regions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["country"], row["name"]) for row in csv.DictReader(file)}


def is_region(code: str, country: str) -> bool:
    """Return whether the code has the shape of a region of this country, listed here or not."""
    if country in _NUTS:
        return bool(re.fullmatch(_NUTS_PREFIX.get(country, country) + r"[0-9A-Z]{1,3}", code))
    return bool(re.fullmatch(country + r"-[0-9A-Z]{1,3}", code))


def region_name(code: str) -> str:
    """Return the name of a region, or of the listed one around it; else the code itself."""
    for length in range(len(code), 2, -1):
        found = regions().get(code[:length])
        if found:
            return found[1]
    return code


def region_groups(keep: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Return choices for a form: country by country its regions, as code, name.

    A code that is not listed but in use is offered as well, under its own code.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, (country, name) in regions().items():
        groups.setdefault(country_name(country), []).append((code, name))
    if keep and keep not in regions():
        groups.setdefault(keep[:2], []).append((keep, f"{region_name(keep)} ({keep})"))
    return list(groups.items())
