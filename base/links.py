"""Links as the lists of pages show them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """One entry, ready for a template.

    Attributes:
        icon: Name of a Lucide icon.
        is_current: Whether the page shown is this one, or belongs to it.
    """

    url: str
    label: str
    icon: str
    is_current: bool
