"""Times and keys of the rows of notices, in the reader’s language and zone."""

from datetime import datetime

from babel.dates import format_date, format_datetime
from django import template
from django.utils.timezone import localtime

from base.clock import now
from base.ids import new_key
from base.languages import active_locale

register = template.Library()


def _locale() -> str:
    """The reader's language; English as Europe writes its dates."""
    locale = active_locale()
    return "en_GB" if locale == "en" else locale


@register.filter
def said_at(value: datetime) -> str:
    """Hours and minutes of today, else the date."""
    local = localtime(value)
    if local.date() == localtime(now()).date():
        return local.strftime("%H:%M")
    return format_date(local, "medium", locale=_locale())


@register.filter
def exactly_at(value: datetime) -> str:
    """Date and time in full, with the zone named."""
    return format_datetime(localtime(value), "full", locale=_locale())


@register.simple_tag
def form_key() -> str:
    """A key for one more form of the page, which stands for one write."""
    return str(new_key())
