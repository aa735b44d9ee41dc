"""What the front page and home are made of: parts that apps register from their ``apps.py``.

A part is a heading and a template with its data; it is left out where it has nothing to say.
Invariants: names are used once; parts stand in the order of their numbers, tens leave room.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.functional import Promise

Audience = Literal["strangers", "members"]


@dataclass(frozen=True)
class Part:
    """One part of the front page (for strangers) or of home (for members).

    Attributes:
        name: Also the id of its heading.
        title: The heading.
        template: Draws ``part.data``.
        read: The request to that data, None where there is nothing to show; a constant number
            of queries.
        order: Place on the page, the least first.
    """

    name: str
    audience: Audience
    title: Promise
    template: str
    read: Callable[[HttpRequest], Mapping[str, Any] | None]
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
        message = f"the front page has a part {part.name} already"
        raise ValueError(message)
    _parts[part.name] = part


def shown_parts(request: HttpRequest, audience: Audience) -> list[Shown]:
    """The parts that have something to say to this visitor, in their order."""
    wanted = (part for part in _parts.values() if part.audience == audience)
    shown = []
    for part in sorted(wanted, key=lambda part: (part.order, part.name)):
        data = part.read(request)
        if data is not None:
            shown.append(Shown(part.name, str(part.title), part.template, data))
    return shown
