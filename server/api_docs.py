"""``/api/docs/``: what programs can do here, as a page made from OpenAPI and the live schema.

Invariants: nothing on the page is written twice, every name, field and text of it comes from the
two schemas; it needs no script. The schemas are English, so their parts of the page are too.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from live.schema import live_schema
from members.queries import site_settings
from server.openapi import rest_schema

_CODE = re.compile(r"`+([^`]+)`+")
_FORMATS = {"uuid": "UUID", "date-time": "time", "uri": "address"}
_SHAPE = re.compile(r"^#/(?:components/schemas|\$defs)/(?P<name>\w+)$")


@dataclass(frozen=True)
class Piece:
    """A part of a type's name; ``shape`` is the shape that it leads to, or empty."""

    text: str
    shape: str = ""


@dataclass(frozen=True)
class Field:
    """One parameter or property.

    Attributes:
        place: Where a parameter stands: path, query or header; empty for properties.
    """

    name: str
    type: tuple[Piece, ...]
    text: SafeString
    is_required: bool
    place: str = ""


@dataclass(frozen=True)
class Shape:
    """A JSON object by its name."""

    name: str
    text: SafeString
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Answer:
    """What an operation answers with a status; ``4XX`` and ``else`` stand for all such."""

    status: str
    type: tuple[Piece, ...]
    shape: Shape | None
    text: SafeString


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    name: str
    method: str
    path: str
    text: SafeString
    parameters: tuple[Field, ...]
    body: Shape | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Tag:
    """The operations of one part of the API, in the order of their addresses."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Named:
    """A command or an event and its data."""

    name: str
    data: Shape


@dataclass(frozen=True)
class Kind:
    """What is done and said on one kind of topic; without a name: commands without a topic."""

    name: str
    commands: tuple[Named, ...]
    events: tuple[Named, ...]
    signals: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """All that the page shows."""

    tags: tuple[Tag, ...]
    kinds: tuple[Kind, ...]
    shapes: tuple[Shape, ...]


def page(request: HttpRequest) -> HttpResponse:
    """The page; everyone may read it."""
    socket = request.build_absolute_uri("/live/").replace("http", "ws", 1)
    context = {
        "tags": [tag.name for tag in document().tags],
        "parts": drawn(get_language(), socket),
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "site_name": site_settings().name,
    }
    return render(request, "api_docs.html", context)


@lru_cache(maxsize=16)
def drawn(_language: str, socket: str) -> SafeString:
    """The parts made from the schemas, in the language that is on; half a second of a core."""
    return render_to_string("api/_parts.html", {"document": document(), "socket": socket})


@cache
def document() -> Document:
    """Both schemas, read once per process."""
    rest, live = rest_schema(), live_schema()
    schemas: dict[str, Any] = live["$defs"] | rest["components"]["schemas"]
    shapes = {name: _shape(name, schemas[name]) for name in sorted(schemas)}
    tags: dict[str, list[Operation]] = {}
    for path, methods in rest["paths"].items():
        for method, operation in methods.items():
            found = _operation(method.upper(), path, operation, shapes)
            tags.setdefault(operation["tags"][0], []).append(found)
    kinds = sorted({*live["commands"], *live["events"]})
    return Document(
        tags=tuple(Tag(name, tuple(found)) for name, found in sorted(tags.items())),
        kinds=tuple(
            Kind(
                name,
                _named(live["commands"].get(name, {}), shapes),
                _named(live["events"].get(name, {}), shapes),
                tuple(live["signals"].get(name, ())),
            )
            for name in kinds
        ),
        shapes=tuple(shapes.values()),
    )


def _operation(
    method: str, path: str, said: Mapping[str, Any], shapes: Mapping[str, Shape]
) -> Operation:
    parameters = [
        replace(
            _field(p["name"], p["schema"], is_required=p.get("required", False)),
            text=marked(p.get("description", "")),
            place=p["in"],
        )
        for p in said.get("parameters", ())
    ]
    body = _content(said["requestBody"]) if "requestBody" in said else None
    answers = []
    for status, answer in said["responses"].items():
        schema = _content(answer) or {}
        shape = _leads_to(schema, shapes)
        text = marked(answer["description"]) if answer["description"] else shape and shape.text
        code = "else" if status == "default" else status
        answers.append(Answer(code, _type(schema), shape, text or SafeString("")))
    return Operation(
        name=said["operationId"],
        method=method,
        path=path,
        text=marked(said.get("description", "")),
        parameters=tuple(sorted(parameters, key=lambda p: (p.place != "path", not p.is_required))),
        body=_leads_to(body or {}, shapes),
        answers=tuple(answers),
    )


def _content(said: Mapping[str, Any]) -> dict[str, Any] | None:
    """The schema of a request or response, of whatever media type."""
    return next((dict(media["schema"]) for media in said.get("content", {}).values()), None)


def _leads_to(schema: Mapping[str, Any], shapes: Mapping[str, Shape]) -> Shape | None:
    found = _SHAPE.match(schema.get("$ref", ""))
    return shapes[found["name"]] if found else None


def _named(said: Mapping[str, Any], shapes: Mapping[str, Shape]) -> tuple[Named, ...]:
    found = ((name, _leads_to(schema, shapes)) for name, schema in sorted(said.items()))
    return tuple(Named(name, shape) for name, shape in found if shape)


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    required = schema.get("required", ())
    fields = tuple(
        _field(field, said, is_required=field in required)
        for field, said in schema.get("properties", {}).items()
    )
    return Shape(name, marked(schema.get("description", "")), fields)


def _field(name: str, schema: Mapping[str, Any], *, is_required: bool) -> Field:
    text = marked(schema.get("description", ""))
    return Field(name, _type(schema), text, is_required)


def _type(schema: Mapping[str, Any]) -> tuple[Piece, ...]:
    """A schema's type in words, with what it leads to."""
    match schema:
        case {"$ref": str(ref)}:
            name = ref.rpartition("/")[2]
            return (Piece(name, name),)
        case {"anyOf": list(options)} | {"oneOf": list(options)}:
            return _joined(options, " or ")
        case {"allOf": [only]}:
            return _type(only)
        case {"enum": list(values)}:
            return (Piece(" or ".join(f"“{value}”" for value in values)),)
        case {"type": "array", "items": item}:
            return (Piece("list of "), *_type(item))
        case {"type": "object", "additionalProperties": dict(value)} if value:
            return (Piece("object of "), *_type(value))
        case {"type": str(kind)}:
            return (Piece(_FORMATS.get(schema.get("format", ""), kind)),)
    return ()


def _joined(options: Iterable[Mapping[str, Any]], word: str) -> tuple[Piece, ...]:
    """Types with a word between them; what is said twice is said once."""
    pieces: list[Piece] = []
    for found in dict.fromkeys(_type(option) for option in options):
        pieces += [Piece(word), *found] if pieces else found
    return tuple(pieces)


def marked(text: str) -> SafeString:
    """A docstring's text with its code marked; paragraphs run on."""
    parts = _CODE.split(" ".join(text.split()))
    plain, code = parts[::2], [*parts[1::2], ""]
    pairs = zip(plain, code, strict=True)
    return format_html_join("", "{}{}", ((said, _code(of)) for said, of in pairs))


def _code(text: str) -> SafeString:
    return format_html("<code>{}</code>", text) if text else SafeString("")
