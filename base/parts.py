"""Pages made of parts, which apps register from their ``apps.py``.

A part is a heading and a template with its data; it is left out where it has nothing to say.
Invariants: names are used once on a page; parts stand in the order of their numbers, tens leave
room.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec

from django.utils.functional import Promise

Asked = ParamSpec("Asked")


@dataclass(frozen=True)
class Part(Generic[Asked]):
    """One part of a page.

    Attributes:
        name: Also the id of its heading.
        title: The heading.
        template: Draws ``part.data``.
        read: What the page is asked with to that data, None where there is nothing to show; a
            constant number of queries.
        order: Place on the page, the least first.
    """

    name: str
    title: Promise
    template: str
    read: Callable[Asked, Mapping[str, Any] | None]
    order: int


@dataclass(frozen=True)
class Shown:
    """A part that has something to say, ready for a template."""

    name: str
    title: str
    template: str
    data: Mapping[str, Any]


class Parts(Generic[Asked]):
    """The parts of one kind of page.

    Attributes:
        page: What the page is called in errors.
    """

    def __init__(self, page: str) -> None:
        self.page = page
        self._parts: dict[str, Part[Asked]] = {}

    def register(self, part: Part[Asked]) -> None:
        """Add a part.

        Raises:
            ValueError: its name is used already: a bug of the caller.
        """
        if part.name in self._parts:
            message = f"{self.page} has a part {part.name} already"
            raise ValueError(message)
        self._parts[part.name] = part

    def shown(self, *asked: Asked.args, **also: Asked.kwargs) -> list[Shown]:
        """Return the parts that have something to say, in their order."""
        found = []
        for part in sorted(self._parts.values(), key=lambda part: (part.order, part.name)):
            data = part.read(*asked, **also)
            if data is not None:
                found.append(Shown(part.name, str(part.title), part.template, data))
        return found
