"""Reads of organisations."""

from django.db.models import QuerySet

from members.models.organisations import Organisation
from members.queries.words import has_word


def listed_organisations(*, search: str = "", country: str = "") -> QuerySet[Organisation]:
    """Return organisations by name; each word of `search` must stand in the name or town."""
    organisations = Organisation.objects.all()
    for word in search.split():
        organisations = organisations.filter(has_word("name", word) | has_word("town", word))
    return organisations.filter(country=country) if country else organisations
