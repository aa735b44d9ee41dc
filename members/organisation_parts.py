"""What an organisation's page shows beside itself: parts that the apps above register.

A part is a heading and a template with its data; it is left out where it has nothing to say to
the reader. Invariants: names are used once; parts stand in the order of their numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from members.access.people import Actor
from members.models.organisations import Organisation


@dataclass(frozen=True)
class Part:
    """One part of the page, below the organisation's facts.

    Attributes:
        name: Also the id of its heading.
        title: The heading.
        template: Draws ``part.data``.
        read: Reader and organisation to that data, None where there is nothing to show; a
            constant number of queries.
        order: Place on the page, the least first.
    """

    name: str
    title: Promise
    template: str
    read: Callable[[Actor, Organisation], Mapping[str, Any] | None]
    order: int


@dataclass(frozen=True)
class Shown:
    """A part that has something to say, ready for a template."""

    name: str
    title: str
    template: str
    data: Mapping[str, Any]


_parts: dict[str, Part] = {}


def register_part(part: Part) -> None:
    """Add a part; its name is used once."""
    if part.name in _parts:
        message = f"organisations have a part {part.name} already"
        raise ValueError(message)
    _parts[part.name] = part


def shown_parts(actor: Actor, organisation: Organisation) -> list[Shown]:
    """The parts that have something to say to this reader, in their order."""
    shown = []
    for part in sorted(_parts.values(), key=lambda part: (part.order, part.name)):
        data = part.read(actor, organisation)
        if data is not None:
            shown.append(Shown(part.name, str(part.title), part.template, data))
    return shown
