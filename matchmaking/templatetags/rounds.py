"""What templates of matchmaking say of meeting rounds."""

from django import template
from django.utils.translation import gettext as _

from matchmaking.vocabulary import GroupSize, WaitsWhy

register = template.Library()


@register.filter
def waits_why(code: str) -> str:
    """Return why somebody waits, as a sentence."""
    return str(WaitsWhy(code).label)


@register.filter
def own_why(code: str) -> str:
    """Return why one waits oneself, as a sentence."""
    return _("You have met everybody who would fit.") if code == WaitsWhy.MET else waits_why(code)


@register.filter
def table_size(size: int) -> str:
    """Return how many sit at a table, in words."""
    return str(GroupSize(size).label)
