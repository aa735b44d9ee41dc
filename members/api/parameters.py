"""Query parameters that several lists share, as the schema names them."""

from drf_spectacular.utils import OpenApiParameter

SEARCH = OpenApiParameter("search", str, description="Words that must all stand in the name.")


COUNTRY = OpenApiParameter("country", str, description="ISO 3166-1 alpha-2.")


KIND = OpenApiParameter("kind", str, description="The organisation's kind.")
