"""REST: the public library of results."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny

from base.pagination import Pages
from front.models import Result
from front.queries import ResultFilter, found_results
from front.vocabulary import Axis, ResultKind


class ResultSerializer(serializers.ModelSerializer[Result]):
    """A result of the public library."""

    themes = serializers.SerializerMethodField()
    countries = serializers.SerializerMethodField()

    class Meta:
        model = Result
        fields = (
            "id", "kind", "title", "summary", "language", "url", "themes", "countries",
            "published_at",
        )  # fmt: skip

    def get_themes(self, result: Result) -> list[str]:
        """Return codes of sectors."""
        return sorted(label.code for label in result.labels.all() if label.axis == Axis.THEME)

    def get_countries(self, result: Result) -> list[str]:
        """Return ISO 3166-1 codes."""
        return sorted(label.code for label in result.labels.all() if label.axis == Axis.COUNTRY)


@extend_schema_view(
    get=extend_schema(
        operation_id="results",
        parameters=[
            OpenApiParameter("kind", enum=ResultKind.values, description="Kind of result."),
            OpenApiParameter("theme", description="Code of a sector, such as `MUS`."),
            OpenApiParameter("country", description="ISO 3166-1 alpha-2."),
            OpenApiParameter("language", description="BCP 47."),
        ],
    )
)
class Results(generics.ListAPIView[Result]):
    """The public library, newest first."""

    permission_classes = (AllowAny,)
    serializer_class = ResultSerializer
    pagination_class = Pages
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Result]:
        """Return the results that were asked for."""
        asked: Any = self.request.query_params
        return found_results(
            ResultFilter(
                **{name: asked.get(name, "") for name in ResultFilter.__dataclass_fields__}
            )
        )
