"""The directory with 5,000 organisations and as many people: what a page costs the server.

A page is asked for inside of the process, middleware, session and template included, so that the
figure is the server's time and nothing of the network's. ``python -m benchmarks.directory`` fills
the site that the environment names and prints the figures as JSON; ``run`` has it done on both
databases.
"""

import random

from benchmarks import houses, pages, servers
from benchmarks.houses import AT_ONCE
from benchmarks.tables import Size

ORGANISATIONS = 5000
PAGES = {
    "all organisations": "/organisations/",
    "one country": "/organisations/?country=PL",
    "country, sector, kind, language": (
        "/organisations/?country=EE&country=FI&sector=MUS&kind=business&language=en"
    ),
    "a word": "/organisations/?q=studio",
    "a rare word": "/organisations/?q=lodz%201001",
    "a table, page 100": "/organisations/?view=table&page=100",
    "all people": "/members/",
    "people: country, sector, language": "/members/?country=EE&sector=MUS&language=et",
    "people: a word": "/members/?q=anna",
    "REST: organisations": "/api/v1/organisations/?country=PL&sector=MUS",
    "REST: their filters": "/api/v1/organisations/facets/?country=PL",
}


def run(size: Size) -> None:
    """Print a table per database."""
    for database, found in servers.on_both("benchmarks.directory", str(size.rounds)):
        pages.print_pages(
            f"{ORGANISATIONS} organisations, {ORGANISATIONS} people, {database}", found
        )


def fill() -> tuple[int, dict[str, str]]:
    """Make the organisations and people; the id of one who reads, and the addresses by name."""
    from members.models import (
        OrganisationLanguage,
        Profile,
        ProfileSector,
        SpokenLanguage,
    )
    from members.models.profiles import FIELDS
    from members.sectors import sectors
    from members.vocabulary import Audience
    from server.demo import reading
    from server.demo.people import LANGUAGES

    chance = random.Random(5)  # the same world every time
    codes, names = list(sectors()), reading.names()
    firms = houses.organisations(chance, ORGANISATIONS)
    OrganisationLanguage.objects.bulk_create(
        (
            OrganisationLanguage(organisation=firm, language=tag)
            for firm in firms
            for tag in {LANGUAGES[firm.country], "en"}
        ),
        batch_size=AT_ONCE,
    )
    people = houses.people_of(
        firms, (" ".join(chance.choice(names[firm.country])) for firm in firms)
    )
    Profile.objects.bulk_create(
        (
            Profile(
                member=each,
                interests=chance.choice(["", "Puppets and shadows", "Anna Karenina on ice"]),
                **{f"{chance.choice(FIELDS)}_audience": chance.choice(list(Audience))},
            )
            for each in people[::3]
        ),
        batch_size=AT_ONCE,
    )
    SpokenLanguage.objects.bulk_create(
        (
            SpokenLanguage(member=each, language=tag, level="C1")
            for each in people
            for tag in each.languages
        ),
        batch_size=AT_ONCE,
    )
    ProfileSector.objects.bulk_create(
        (ProfileSector(member=each, code=chance.choice(codes)) for each in people),
        batch_size=AT_ONCE,
    )
    return people[0].pk, PAGES


if __name__ == "__main__":
    pages.main(fill)
