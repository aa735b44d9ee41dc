"""Query parameters that several lists share, as the schema names them."""

from typing import Final

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from members.queries.directory import Asked, asked_for
from members.vocabulary import OrganisationKind

SEARCH = OpenApiParameter(
    "search", str, description="Words that must all be found, in any case, accents or not."
)
FILTERS: Final = ("country", "sector", "kind", "language")


def _several(name: str, description: str, enum: list[str] | None = None) -> OpenApiParameter:
    said = f"{description} Given several times, any of them."
    return OpenApiParameter(name, str, many=True, description=said, enum=enum)


COUNTRY = _several("country", "ISO 3166-1 alpha-2.")
SECTOR = _several("sector", "Code of a sector (its sub-sectors count too) or of a sub-sector.")
KIND = _several("kind", "The organisation's kind.", list(OrganisationKind.values))
LANGUAGE = _several("language", "BCP 47 tag of a language spoken.")
REGION = _several("region", "NUTS code; regions within it count too.")
FILTERED = [SEARCH, COUNTRY, SECTOR, KIND, LANGUAGE]


def asked_by(request: Request) -> Asked:
    """Return what a request asks of the directory."""
    chosen = {name: request.query_params.getlist(name) for name in (*FILTERS, "region")}
    return asked_for(request.query_params.get("search", ""), chosen)
