"""The wire's commands and events as JSON Schema, generated from their structs."""

from typing import Any

import msgspec

from live.registry import commands, topic_kinds


def live_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of every command's and event's data, by kind of topic."""
    structs: dict[type[msgspec.Struct], None] = {}
    for command in commands():
        structs[command.data] = None
    for kind in topic_kinds().values():
        for event in kind.events.values():
            structs[event] = None
    ordered = list(structs)
    schemas, components = msgspec.json.schema_components(ordered, ref_template="#/$defs/{name}")
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
