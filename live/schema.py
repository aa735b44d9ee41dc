"""The wire's commands and events as JSON Schema, generated from their structs."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from live.registry import commands, topic_kinds

_ATTRIBUTE = re.compile(r"^ {4}(\w+): ", re.MULTILINE)


def struct_schemas(
    structs: Sequence[type[msgspec.Struct]], ref_template: str
) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """A reference to each struct's schema, and all schemas by name.

    What a docstring says of an attribute describes that property.
    """
    schemas, components = msgspec.json.schema_components(structs, ref_template=ref_template)
    return list(schemas), {name: _described(schema) for name, schema in components.items()}


def live_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of every command's and event's data, by kind of topic."""
    structs: dict[type[msgspec.Struct], None] = {}
    for command in commands():
        structs[command.data] = None
    for kind in topic_kinds().values():
        for event in kind.events.values():
            structs[event] = None
    ordered = list(structs)
    schemas, components = struct_schemas(ordered, "#/$defs/{name}")
    by_struct = dict(zip(ordered, schemas, strict=True))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Creative Ports live protocol",
        "protocol": 1,
        "commands": {
            kind: {c.name: by_struct[c.data] for c in commands() if c.kind == kind}
            for kind in sorted({c.kind for c in commands()})
        },
        "events": {
            name: {event: by_struct[struct] for event, struct in sorted(kind.events.items())}
            for name, kind in sorted(topic_kinds().items())
        },
        "signals": {name: sorted(kind.signals) for name, kind in sorted(topic_kinds().items())},
        "$defs": components,
    }


def _text(schema: dict[str, Any]) -> str:
    """A struct's docstring, code in it marked as Markdown does."""
    return inspect.cleandoc(schema.get("description", "")).replace("``", "`")


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """A struct's schema with its docstring taken apart: what it is, and what each field is."""
    text, _heading, attributes = _text(schema).partition("\n\nAttributes:\n")
    _none, *parts = _ATTRIBUTE.split(attributes)
    said = {name: " ".join(of.split()) for name, of in zip(parts[::2], parts[1::2], strict=True)}
    fields = {
        name: field | {"description": said[name]} if name in said else field
        for name, field in schema.get("properties", {}).items()
    }
    return schema | {"description": text, "properties": fields}
