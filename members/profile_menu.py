"""What can be done from another member's page: apps above add their actions from `apps.py`.

An action is an address that takes the member's id: a link to a page, or a form that posts there.
The least order stands first: writing to them 10, blocking 90.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from members.access import is_member
from members.models import Member


@dataclass(frozen=True)
class Action:
    """One entry.

    Attributes:
        url_name: Name of an address with `member_id`.
        label: A verb and its object.
        icon: Name of a Lucide icon.
        order: Place in the row, the least first.
        is_post: Whether it is a form rather than a link.
    """

    url_name: str
    label: Promise
    icon: str
    order: int
    is_post: bool = False


@dataclass(frozen=True)
class Entry:
    """An action ready for a template."""

    url: str
    label: str
    icon: str
    is_post: bool


_actions: dict[str, Action] = {}


def register(
    url_name: str, label: Promise, *, icon: str, order: int, is_post: bool = False
) -> None:
    """Add an action; once per address."""
    if url_name in _actions:
        message = f"profiles have {url_name} already"
        raise ValueError(message)
    _actions[url_name] = Action(url_name, label, icon, order, is_post)


def entries(actor: Member, member: Member) -> list[Entry]:
    """The actions in their order; none towards oneself, towards or from those not members."""
    if actor.pk == member.pk or not is_member(actor) or not is_member(member):
        return []
    ordered = sorted(_actions.values(), key=lambda action: (action.order, action.url_name))
    return [
        Entry(reverse(each.url_name, args=[member.pk]), str(each.label), each.icon, each.is_post)
        for each in ordered
    ]
