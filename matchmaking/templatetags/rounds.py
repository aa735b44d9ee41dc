"""What templates of matchmaking say of meeting rounds."""

from django import template

from matchmaking.vocabulary import GroupSize, WaitsWhy

register = template.Library()


@register.filter
def waits_why(code: str) -> str:
    """Return why somebody waits, as a sentence."""
    return str(WaitsWhy(code).label)


@register.filter
def table_size(size: int) -> str:
    """Return how many sit at a table, in words."""
    return str(GroupSize(size).label)
