"""The sections of one's own settings: this app's, and those that apps above add from `apps.py`.

A section is a page with an address of its own; the pages under that address belong to it. Its
template extends `members/settings.html`, which draws the list. Tens of the order leave room:
profile 10, languages 20, consent 30, notifications 40, security 60, access tokens 70, leaving 90.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from base.links import Link


@dataclass(frozen=True)
class Section:
    """One entry of the list.

    Attributes:
        url_name: Name of its page.
        label: One or two words.
        icon: Name of a Lucide icon.
        order: Place in the list, the least first.
    """

    url_name: str
    label: Promise
    icon: str
    order: int


_sections: dict[str, Section] = {}


def register(url_name: str, label: Promise, *, icon: str, order: int) -> None:
    """Add a section; once per page."""
    if url_name in _sections:
        message = f"the settings have {url_name} already"
        raise ValueError(message)
    _sections[url_name] = Section(url_name, label, icon, order)


def links(path: str) -> list[Link]:
    """The sections in their order, and which of them the page at this path belongs to."""
    ordered = sorted(_sections.values(), key=lambda section: (section.order, section.url_name))
    urls = [reverse(section.url_name) for section in ordered]
    # The profile is the settings' first page, under whose address all others stand.
    current = max((url for url in urls if path.startswith(url)), key=len, default="")
    return [
        Link(url, str(section.label), section.icon, url == current)
        for section, url in zip(ordered, urls, strict=True)
    ]
