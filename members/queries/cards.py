"""How a member is named wherever something is theirs: the wire's shape of an author."""

from collections.abc import Iterable
from typing import TypedDict

from members.models.organisations import Organisation
from members.models.people import Member


class MemberCard(TypedDict):
    """How a member is named wherever something is theirs; `organisation` is a name or "".

    Marks are drawn from `organisation_id`, None where there is no organisation. What the profile
    hides from other members looks as if it were not said.
    """

    id: int
    name: str
    organisation: str
    country: str
    organisation_id: int | None


def member_card(member: Member) -> MemberCard:
    """Return the card of a member; one query if the organisation was not loaded with it."""
    return _card(member, member.open_organisation, member.open_country)


def own_card(member: Member) -> MemberCard:
    """Return the card of a member with what others may not see; queries as `member_card`."""
    return _card(member, member.organisation, member.country)


def _card(member: Member, organisation: Organisation | None, country: str) -> MemberCard:
    return {
        "id": member.pk,
        "name": member.name,
        "organisation": organisation.name if organisation else "",
        "country": country,
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
        "id", "name", "organisation__name", "country", "organisation_id", "card_hides"
    )
    return {
        pk: {
            "id": pk,
            "name": name,
            "organisation": "" if "organisation" in hides else organisation or "",
            "country": "" if "country" in hides else country,
            "organisation_id": None if "organisation" in hides else organisation_id,
        }
        for pk, name, organisation, country, organisation_id, hides in rows
    }
