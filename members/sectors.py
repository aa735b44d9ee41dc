"""The sectors of the cultural and creative industries: 13, cut into 64 sub-sectors.

The codes stand in `data/sectors.csv`, with the economic classification (NACE Rev. 2 and 2.1; empty
where the match was not verified), the German Teilmarkt and the cultural domain (UNESCO FCS 2009).
Invariants: a sub-sector's code is its sector's code, a dot, and a word; codes are never reused.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from base.languages import active_locale, sort_key

_LABELS: Final[dict[str, Promise]] = {
    "MUS": pgettext_lazy("sector", "Music"),
    "MUS.create": pgettext_lazy("sector", "Composition, songwriting"),
    "MUS.perform": pgettext_lazy("sector", "Bands, ensembles, orchestras"),
    "MUS.record": pgettext_lazy("sector", "Recording, labels, music publishing"),
    "MUS.live": pgettext_lazy("sector", "Concert promotion, booking, agencies"),
    "MUS.venue": pgettext_lazy("sector", "Concert venues, clubs"),
    "MUS.instr": pgettext_lazy("sector", "Musical instruments (making)"),
    "PER": pgettext_lazy("sector", "Performing arts"),
    "PER.theatre": pgettext_lazy("sector", "Theatre"),
    "PER.dance": pgettext_lazy("sector", "Dance"),
    "PER.circus": pgettext_lazy("sector", "Circus, street arts, puppetry"),
    "PER.opera": pgettext_lazy("sector", "Opera, music theatre"),
    "PER.tech": pgettext_lazy("sector", "Stage technique, direction, scenography"),
    "PER.venue": pgettext_lazy("sector", "Theatres, stages, cultural centres"),
    "VIS": pgettext_lazy("sector", "Visual arts and photography"),
    "VIS.fine": pgettext_lazy("sector", "Painting, sculpture, installation"),
    "VIS.media": pgettext_lazy("sector", "Media and digital art"),
    "VIS.photo": pgettext_lazy("sector", "Photography"),
    "VIS.gallery": pgettext_lazy("sector", "Galleries, art trade"),
    "VIS.resid": pgettext_lazy("sector", "Artist residencies, studios"),
    "CRA": pgettext_lazy("sector", "Crafts"),
    "CRA.jewel": pgettext_lazy("sector", "Jewellery"),
    "CRA.ceram": pgettext_lazy("sector", "Ceramics, glass"),
    "CRA.textile": pgettext_lazy("sector", "Textile crafts"),
    "CRA.wood": pgettext_lazy("sector", "Wood, furniture making"),
    "HER": pgettext_lazy("sector", "Heritage, museums, libraries"),
    "HER.museum": pgettext_lazy("sector", "Museums"),
    "HER.site": pgettext_lazy("sector", "Historic sites, monuments"),
    "HER.conserve": pgettext_lazy("sector", "Conservation, restoration"),
    "HER.library": pgettext_lazy("sector", "Libraries"),
    "HER.archive": pgettext_lazy("sector", "Archives"),
    "HER.intang": pgettext_lazy("sector", "Intangible and maritime heritage, folklore"),
    "LIT": pgettext_lazy("sector", "Books and literature"),
    "LIT.author": pgettext_lazy("sector", "Writing"),
    "LIT.transl": pgettext_lazy("sector", "Literary translation"),
    "LIT.publ": pgettext_lazy("sector", "Book publishing"),
    "LIT.comic": pgettext_lazy("sector", "Comics, illustration"),
    "LIT.trade": pgettext_lazy("sector", "Bookshops, distribution"),
    "MED": pgettext_lazy("sector", "Press and broadcasting"),
    "MED.journ": pgettext_lazy("sector", "Journalism"),
    "MED.press": pgettext_lazy("sector", "Newspapers, magazines"),
    "MED.agency": pgettext_lazy("sector", "News agencies"),
    "MED.radio": pgettext_lazy("sector", "Radio, podcast"),
    "MED.tv": pgettext_lazy("sector", "Television broadcasting"),
    "AVF": pgettext_lazy("sector", "Film, video, animation"),
    "AVF.prod": pgettext_lazy("sector", "Film and TV production"),
    "AVF.anim": pgettext_lazy("sector", "Animation, VFX, post-production"),
    "AVF.doc": pgettext_lazy("sector", "Documentary"),
    "AVF.dist": pgettext_lazy("sector", "Distribution, sales"),
    "AVF.cinema": pgettext_lazy("sector", "Cinemas, film festivals"),
    "GAM": pgettext_lazy("sector", "Games, software, immersive"),
    "GAM.dev": pgettext_lazy("sector", "Game development"),
    "GAM.publ": pgettext_lazy("sector", "Game publishing"),
    "GAM.xr": pgettext_lazy("sector", "XR, immersive experience"),
    "GAM.soft": pgettext_lazy("sector", "Creative software, web, apps"),
    "GAM.esport": pgettext_lazy("sector", "E-sports, serious games"),
    "DES": pgettext_lazy("sector", "Design and fashion"),
    "DES.graphic": pgettext_lazy("sector", "Graphic, communication design"),
    "DES.product": pgettext_lazy("sector", "Product, industrial design"),
    "DES.fashion": pgettext_lazy("sector", "Fashion design"),
    "DES.interior": pgettext_lazy("sector", "Interior design"),
    "DES.service": pgettext_lazy("sector", "Service, UX design"),
    "ARC": pgettext_lazy("sector", "Architecture and built environment"),
    "ARC.build": pgettext_lazy("sector", "Architecture"),
    "ARC.land": pgettext_lazy("sector", "Landscape architecture"),
    "ARC.urban": pgettext_lazy("sector", "Urban planning, placemaking"),
    "ADV": pgettext_lazy("sector", "Advertising and communication"),
    "ADV.agency": pgettext_lazy("sector", "Advertising agencies"),
    "ADV.pr": pgettext_lazy("sector", "Public relations, content"),
    "ADV.media": pgettext_lazy("sector", "Media sales"),
    "SUP": pgettext_lazy("sector", "Cross-sector and support"),
    "SUP.festival": pgettext_lazy("sector", "Festivals, event production"),
    "SUP.educ": pgettext_lazy("sector", "Arts and cultural education"),
    "SUP.incub": pgettext_lazy("sector", "Incubators, hubs, clusters"),
    "SUP.public": pgettext_lazy("sector", "Public agencies, municipalities"),
    "SUP.institute": pgettext_lazy("sector", "Cultural institutes, networks, NGOs"),
    "SUP.research": pgettext_lazy("sector", "Creative-industries research"),
}


@dataclass(frozen=True)
class Sector:
    """A sector or a sub-sector.

    Attributes:
        code: `MUS`, or `MUS.perform` for a sub-sector.
        parent: Code of the sector that a sub-sector belongs to, else "".
        nace2: Classes of NACE Rev. 2.
        nace21: Classes of NACE Rev. 2.1; empty where the match was not verified.
        teilmarkt: The German Teilmarkt, "" for none.
        domains: Letters of the UNESCO FCS 2009 domains.
    """

    code: str
    parent: str
    nace2: tuple[str, ...]
    nace21: tuple[str, ...]
    teilmarkt: str
    domains: tuple[str, ...]

    @property
    def label(self) -> str:
        """Its name in the active language."""
        return str(_LABELS[self.code])


@cache
def sectors() -> dict[str, Sector]:
    """Return all sectors by code, each followed by its sub-sectors, in the list's order."""
    path = Path(__file__).parent / "data" / "sectors.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _sector(row) for row in csv.DictReader(file)}


def _sector(row: dict[str, str]) -> Sector:
    parent, dot, _word = row["code"].partition(".")
    return Sector(
        code=row["code"],
        parent=parent if dot else "",
        nace2=_parts(row["nace2"], ";"),
        nace21=_parts(row["nace21"], ";"),
        teilmarkt=row["teilmarkt"],
        domains=_parts(row["fcs"], "/"),
    )


def _parts(cell: str, mark: str) -> tuple[str, ...]:
    return tuple(cell.split(mark)) if cell else ()


def is_sector(code: str) -> bool:
    """Return whether this is a sector's or a sub-sector's code."""
    return code in sectors()


def sector_label(code: str) -> str:
    """Return the name of a sector in the active language; the code itself where it has none."""
    return str(_LABELS.get(code, code))


def in_order(codes: Iterable[str]) -> list[str]:
    """Return these codes in the list's order; codes that are unknown come last."""
    places = {code: place for place, code in enumerate(sectors())}
    return sorted(codes, key=lambda code: (places.get(code, len(places)), code))


def sector_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return choices for a form: per sector its name, then it and its sub-sectors, as code, name.

    Groups, and the sub-sectors in each, are sorted by name in the active language.
    """
    locale = active_locale()
    heads = [sector for sector in sectors().values() if not sector.parent]
    groups = []
    for head in sorted(heads, key=lambda sector: sort_key(sector.label, locale)):
        parts = [sector for sector in sectors().values() if sector.parent == head.code]
        parts.sort(key=lambda sector: sort_key(sector.label, locale))
        whole = (head.code, _("%(sector)s, as a whole") % {"sector": head.label})
        groups.append((head.label, [whole, *((sector.code, sector.label) for sector in parts)]))
    return groups
