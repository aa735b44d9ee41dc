"""Lists of members, searched and filtered."""

from members.access.people import Actor, visible_members
from members.models.people import MemberQuerySet
from members.queries.words import has_word
from members.vocabulary import Purpose


def listed_members(actor: Actor, *, search: str = "", country: str = "") -> MemberQuerySet:
    """Return the members of the directory, by name, organisations loaded.

    Who did not consent to it is in it for nobody, staff included.

    Each word of `search` must stand in the name or in the organisation's name.
    """
    members = visible_members(actor).listed().consenting(Purpose.DIRECTORY)
    for word in search.split():
        members = members.filter(has_word("name", word) | has_word("organisation__name", word))
    return members.filter(country=country) if country else members


def member_countries(actor: Actor) -> list[str]:
    """Return the countries that listed members come from, sorted by code. One query."""
    countries = listed_members(actor).exclude(country="").order_by("country")
    return list(countries.values_list("country", flat=True).distinct())
