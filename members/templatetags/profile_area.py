"""What can be done from another member's page."""

from django import template

from members import profile_menu
from members.models import Member

register = template.Library()


@register.simple_tag
def profile_actions(actor: Member, member: Member) -> list[profile_menu.Entry]:
    """The actions of the apps above, in their order."""
    return profile_menu.entries(actor, member)
