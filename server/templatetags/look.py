"""Template tags for what every page shows: icons, flags of organisations, the rail, the theme.

Invariants: a flag depends on the organisation's id alone, and 256 organisations in a row have 256
different flags; every mark is decorative, so a text stands beside it.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from base.links import Link
from server import navigation

register = template.Library()

PATTERNS = 16
TONES = 16
THEMES = ("light", "dark")


def flag_number(organisation_id: int) -> int:
    """The number of an organisation's flag, 0 to 255; scripts compute the same.

    An odd factor is a permutation of the numbers below 256, so neighbours differ in pattern and
    tone and no two flags meet before the 257th organisation.
    """
    return organisation_id * 101 % (PATTERNS * TONES)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> SafeString:
    """A Lucide icon out of the sprite; it takes the colour of the text around it."""
    return format_html(
        '<svg class="{}" width="20" height="20" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"icon {classes}".strip(),
        static("icons.svg"),
        name,
    )


@register.simple_tag
def flag(organisation: Any, classes: str = "") -> SafeString:
    """The two-tone mark of an organisation: a row, an id, or nothing for the plain mark."""
    organisation_id = getattr(organisation, "pk", organisation)
    return _flag(int(organisation_id) if organisation_id else 0, classes)


@lru_cache(maxsize=4096)
def _flag(organisation_id: int, classes: str) -> SafeString:
    if not organisation_id:
        pattern, tone = 9, "none"
    else:
        number = flag_number(organisation_id)
        pattern, tone = number % PATTERNS, str(number // PATTERNS)
    return format_html(
        '<svg class="{}" width="36" height="36" aria-hidden="true"><use href="{}#p{}"/></svg>',
        f"flag flag-tone-{tone} {classes}".strip(),
        static("flags.svg"),
        pattern,
    )


@register.simple_tag(takes_context=True)
def site_parts(context: template.Context) -> list[Link]:
    """The parts of the site that this visitor may open; none where there is no request."""
    request = context.get("request")
    return navigation.links(request) if isinstance(request, HttpRequest) else []


@register.simple_tag(takes_context=True)
def notes(context: template.Context) -> list[Message]:
    """What Django's messages have to say, whatever a page itself calls `messages`."""
    request = context.get("request")
    return list(get_messages(request)) if isinstance(request, HttpRequest) else []


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The theme that this browser asked for: light or dark; empty means as the system has it."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if isinstance(request, HttpRequest) else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag(takes_context=True)
def site_languages(context: template.Context) -> list[tuple[str, str]]:
    """The languages of the interface that this site offers: code, and the name in itself."""
    offered = getattr(context.get("site"), "languages", None)
    return [
        (code, str(get_language_info(code)["name_local"]).capitalize())
        for code, _name in settings.LANGUAGES
        if not offered or code in offered
    ]
