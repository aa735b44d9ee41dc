"""``/api/schema/``: the description of the REST calls, made once per process.

Making it and writing it down takes a second of a core each, and everybody may ask for it.
"""

from functools import cache
from typing import Any, cast

from django.http import HttpResponse
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class SchemaView(SpectacularAPIView):
    """OpenAPI in the form that is asked for: YAML, or JSON."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The same for everyone, in English."""
        form = request.accepted_renderer.media_type
        return HttpResponse(_written(form), content_type=form)


@cache
def rest_schema() -> dict[str, Any]:
    """OpenAPI of all that there is, as JSON's values."""
    with override("en"):
        return cast("dict[str, Any]", SchemaGenerator().get_schema(request=None, public=True))


@cache
def _written(media_type: str) -> bytes:
    """The schema in that form, one of the view's."""
    forms = {form.media_type: form for form in SchemaView.renderer_classes}
    return cast("bytes", forms[media_type]().render(rest_schema(), renderer_context={}))
