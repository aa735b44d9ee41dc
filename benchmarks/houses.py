"""Organisations and one member of each, in bulk, for pages that are measured with thousands."""

import random
from collections.abc import Iterable
from typing import Any

AT_ONCE = 500
"""Rows of one statement."""


def organisations(chance: random.Random, count: int) -> list[Any]:
    """So many organisations of the region, the first from Estonia, each in one to four sectors."""
    from members.models import Organisation, OrganisationSector
    from members.sectors import sectors
    from members.vocabulary import OrganisationKind, SizeClass
    from server.demo.people import LANGUAGES

    countries, codes = list(LANGUAGES), list(sectors())
    kinds, sizes = list(OrganisationKind), list(SizeClass)
    towns = ["Tartu", "Łódź", "Göteborg", "Калининград", "Rīga"]
    houses = Organisation.objects.bulk_create(
        (
            Organisation(
                name=f"{chance.choice(['Studio', 'Teater', 'Verlag', 'Łódź', 'Öö'])} {number}",
                country=chance.choice(countries) if number else "EE",
                kind=chance.choice(kinds),
                size=chance.choice(sizes),
                town=chance.choice(towns),
            )
            for number in range(count)
        ),
        batch_size=AT_ONCE,
    )
    OrganisationSector.objects.bulk_create(
        (
            OrganisationSector(organisation=house, code=code)
            for house in houses
            for code in chance.sample(codes, chance.randint(1, 4))
        ),
        batch_size=AT_ONCE,
    )
    return houses


def people_of(houses: Iterable[Any], names: Iterable[str]) -> list[Any]:
    """One member of each organisation, by these names, who agrees to all that members are asked."""
    from members.consent import QUESTIONS
    from members.models import Consent, Member
    from server.demo.people import LANGUAGES

    people = Member.objects.bulk_create(
        (
            Member(
                email=f"bench{house.pk}@demo.example",
                name=name,
                country=house.country,
                organisation=house,
                languages=[LANGUAGES[house.country], "en"],
            )
            for house, name in zip(houses, names, strict=True)
        ),
        batch_size=AT_ONCE,
    )
    Consent.objects.bulk_create(
        (
            Consent(member=each, purpose=purpose, version=question.version, language="en")
            for each in people
            for purpose, question in QUESTIONS.items()
        ),
        batch_size=AT_ONCE,
    )
    return people
