"""How a member is named wherever something is theirs: the wire's shape of an author."""

from collections.abc import Iterable
from typing import TypedDict

from members.models.people import Member


class MemberCard(TypedDict):
    """How a member is named wherever something is theirs; `organisation` is a name or "".

    Marks are drawn from `organisation_id`, None where there is no organisation.
    """

    id: int
    name: str
    organisation: str
    country: str
    organisation_id: int | None


def member_card(member: Member) -> MemberCard:
    """Return the card of a member; one query if the organisation was not loaded with it."""
    organisation = member.organisation
    return {
        "id": member.pk,
        "name": member.name,
        "organisation": organisation.name if organisation else "",
        "country": member.country,
        "organisation_id": organisation.pk if organisation else None,
    }


def member_cards(ids: Iterable[int]) -> dict[int, MemberCard]:
    """Return the cards of these members by id, in one query (none for no ids).

    Ids that name nobody are left out.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    rows = Member.objects.filter(pk__in=wanted).values_list(
        "id", "name", "organisation__name", "country", "organisation_id"
    )
    return {
        pk: {
            "id": pk,
            "name": name,
            "organisation": organisation or "",
            "country": country,
            "organisation_id": organisation_id,
        }
        for pk, name, organisation, country, organisation_id in rows
    }
