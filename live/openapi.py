"""What OpenAPI's generator must know of this project: tokens, structs, keys and problems.

Loaded by ``live.apps``. Requests and answers that are structs are named to ``extend_schema`` as
``shape(Struct)``; their schema is the one of the wire.
"""

from typing import Any

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse

from live.schema import struct_schemas
from live.shapes import Problem

REF = "#/components/schemas/{name}"
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    description="A UUID made once per write; the same key gives the same answer.",
)


class Shape:
    """A struct in the place where a serializer is expected."""

    def __init__(self, struct: type[msgspec.Struct]) -> None:
        self.struct = struct
        # Set by drf-spectacular for PATCH; a struct says itself what may be left out.
        self.partial = False


def shape(struct: type[msgspec.Struct]) -> Any:
    """The struct as ``extend_schema`` takes it for a request or a response."""
    return Shape(struct)


def repeated(struct: type[msgspec.Struct]) -> OpenApiResponse:
    """The answer to a write whose key came before."""
    return OpenApiResponse(shape(struct), "The key came before: it was done then.")


class ShapeExtension(OpenApiSerializerExtension):
    """Describes a struct by its own schema; structs inside it become components too."""

    target_class = "live.openapi.Shape"

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:
        """The struct's name."""
        return str(self.target.struct.__name__)

    def get_identity(self, auto_schema: AutoSchema, direction: Direction) -> str:
        """The name again: one struct has one name, wherever it is met first."""
        return self.get_name(auto_schema, direction)

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        """The struct's schema."""
        _refs, components = struct_schemas([self.target.struct], REF)
        own = self.get_name(auto_schema, direction)
        for name, schema in components.items():
            if name != own:
                auto_schema.registry.register_on_missing(_component(name, schema))
        return components[own]


class TokenScheme(OpenApiAuthenticationExtension):
    """``Authorization: Bearer``."""

    target_class = "live.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A bearer token of a member's own."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token: made under Settings, or by `manage.py token EMAIL`.",
        }


def add_problems(
    result: dict[str, Any],
    generator: Any,
    request: Any,
    public: bool,  # noqa: FBT001 - drf-spectacular's signature
) -> dict[str, Any]:
    """Say of every operation that a refusal is a problem (RFC 9457)."""
    _refs, components = struct_schemas([Problem], REF)
    for name, schema in components.items():
        generator.registry.register_on_missing(_component(name, schema))
        result["components"]["schemas"][name] = schema
    answer = {
        "description": "Refused; nothing was written.",
        "content": {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", answer)
    return result


def _component(name: str, schema: dict[str, Any]) -> ResolvedComponent:
    return ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name)
