"""Reads of the members app.

`member_card` is the wire's shape of an author: it is the same in events, snapshots and REST rows.
"""

from collections.abc import Iterable
from typing import TypedDict

from members.models import Member


class MemberCard(TypedDict):
    """How a member is named wherever something is theirs; `organisation` is a name or ""."""

    id: int
    name: str
    organisation: str
    country: str


def member_card(member: Member) -> MemberCard:
    """Return the card of a member; one query if the organisation was not loaded with it."""
    organisation = member.organisation
    return {
        "id": member.pk,
        "name": member.name,
        "organisation": organisation.name if organisation else "",
        "country": member.country,
    }


def member_cards(ids: Iterable[int]) -> dict[int, MemberCard]:
    """Return the cards of these members by id, in one query (none for no ids).

    Ids that name nobody are left out.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    rows = Member.objects.filter(pk__in=wanted).values_list(
        "id", "name", "organisation__name", "country"
    )
    return {
        pk: {"id": pk, "name": name, "organisation": organisation or "", "country": country}
        for pk, name, organisation, country in rows
    }
