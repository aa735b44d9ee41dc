"""The list of sections that every page of one's own settings shows."""

from django import template
from django.urls import reverse

from base.links import Link
from members import settings_nav

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_sections(context: template.Context, url_name: str = "") -> list[Link]:
    """The sections; the page asked for is current, or the one that is named."""
    path = reverse(url_name) if url_name else context["request"].path
    return settings_nav.links(path)
