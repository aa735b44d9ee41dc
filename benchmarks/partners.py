"""Pages of matchmaking with 5,000 matching profiles: what each costs the server.

Asked for inside of the process, middleware, session and template included, as in
``benchmarks.directory``. ``python -m benchmarks.partners`` fills the site that the environment
names and prints the figures as JSON; ``run`` has it done on both databases. Who asks has as many
open suggestions as one may set a week, a dozen introductions, and a request whose page shows whom
it fits. What was read of the profiles is held in memory: nothing changes between two pages.
"""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from benchmarks import houses, pages, servers
from benchmarks.houses import AT_ONCE
from benchmarks.tables import Size

HOUSES = 5000
REQUESTS = 200
INTRODUCTIONS = 12
WORDS = """
    puppet theatre animation documentary harbour exhibition residency festival sound design
    textile print archive museum gallery dance orchestra radio podcast game studio printing
    craft ceramics light media artists touring children school sea island village factory film
    lab poetry translation publishing comics circus choir club concert costume stage heritage
"""
PAGES = {
    "suggestions": "/partners/{id}/",
    "matching profile": "/partners/{id}/profile/",
    "introductions": "/partners/{id}/introductions/",
    "requests, those that fit first": "/partners/requests/",
    "own request with whom it fits": "/partners/requests/{request}/",
    "REST: suggestions": "/api/v1/matching/{id}/suggestions/",
    "REST: introductions": "/api/v1/matching/{id}/introductions/",
    "REST: whom a request fits": "/api/v1/requests/{request}/fits/",
}


def run(size: Size) -> None:
    """Print a table per database."""
    # Filling takes most of the time; two stretches of twenty requests say enough.
    rounds = str(min(size.rounds, 2))
    for database, found in servers.on_both("benchmarks.partners", rounds):
        pages.print_pages(f"Pages of matchmaking, {HOUSES:,} profiles, {database}", found)


def fill() -> tuple[int, dict[str, str]]:
    """Make organisations, profiles, requests; the id of who asks, and the addresses by name."""
    from matchmaking.actions.suggestions import suggest_now
    from matchmaking.vocabulary import MOST_WEEKLY

    chance = random.Random(8)  # the same world every time
    people = _houses(chance)
    profiles = _profiles(chance, people)
    request = _requests(chance, profiles)
    asking = profiles[0]
    asking.weekly = MOST_WEEKLY
    asking.save(update_fields=["weekly"])
    suggest_now(organisation_id=asking.pk)
    _introductions(asking, [each for each in profiles if each.organisation.country != "EE"])
    names = {"id": asking.pk, "request": request.pk}
    return people[0].pk, {name: page.format(**names) for name, page in PAGES.items()}


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS.split(), k=words))


def _houses(chance: random.Random) -> list[Any]:
    """Those who speak for an organisation each; the first from Estonia."""
    from base.clock import now
    from members.models import Appointment, OrganisationText

    made = houses.organisations(chance, HOUSES)
    OrganisationText.objects.bulk_create(
        (
            OrganisationText(organisation=house, language="en", text=_text(chance, 60))
            for house in made
        ),
        batch_size=AT_ONCE,
    )
    people = houses.people_of(made, (f"Anna {number}" for number in range(HOUSES)))
    Appointment.objects.bulk_create(
        (
            Appointment(
                member=each,
                organisation=each.organisation,
                role="representative",
                granted_at=now(),
            )
            for each in people
        ),
        batch_size=AT_ONCE,
    )
    return people


def _profiles(chance: random.Random, people: Sequence[Any]) -> list[Any]:
    """A matching profile for each one's organisation."""
    from base.clock import now
    from matchmaking.actions.profiles import market_changed
    from matchmaking.models import Choice, MatchingProfile
    from matchmaking.vocabulary import PROFILE_LASTS, Cooperation, Facet
    from members.sectors import sectors
    from server.demo.people import LANGUAGES

    countries, codes, forms = list(LANGUAGES), list(sectors()), list(Cooperation)
    profiles = MatchingProfile.objects.bulk_create(
        (
            MatchingProfile(
                organisation=each.organisation,
                contact=each,
                looking_for=_text(chance, 30),
                offering=_text(chance, 30),
                language="en",
                # Nobody else is looked for while pages are measured.
                suggested_at=now() + timedelta(days=1),
                made_at=now() - timedelta(days=chance.randint(0, 400)),
                expires_at=now() + PROFILE_LASTS,
            )
            for each in people
        ),
        batch_size=AT_ONCE,
    )
    Choice.objects.bulk_create(
        (
            Choice(profile=profile, facet=facet, code=code)
            for profile in profiles
            for facet, chosen in (
                (Facet.NEED, chance.sample(forms, 3)),
                (Facet.OFFER, chance.sample(forms, 3)),
                (Facet.SECTOR, chance.sample(codes, 3)),
                (Facet.WANTED, chance.sample(countries, 4)),
                (Facet.LANGUAGE, {LANGUAGES[profile.organisation.country], "en"}),
            )
            for code in chosen
        ),
        batch_size=AT_ONCE,
    )
    market_changed(organisation_ids=range(0))
    return profiles


def _requests(chance: random.Random, profiles: Sequence[Any]) -> Any:
    """Open requests; the one of the first organisation."""
    from base.clock import now
    from matchmaking.models import CooperationRequest, RequestChoice
    from matchmaking.vocabulary import REQUEST_LASTS, Cooperation, Facet

    ahead = now() + REQUEST_LASTS
    rows = CooperationRequest.objects.bulk_create(
        CooperationRequest(
            organisation=profile.organisation,
            contact=profile.contact,
            title=_text(chance, 5),
            text=_text(chance, 60),
            language="en",
            deadline=ahead.date(),
            expires_at=ahead,
            told_version=1,
        )
        for profile in profiles[:REQUESTS]
    )
    RequestChoice.objects.bulk_create(
        RequestChoice(request=row, facet=facet, code=code)
        for row in rows
        for facet, code in (
            (Facet.NEED, chance.choice(list(Cooperation))),
            (Facet.OFFER, chance.choice(list(Cooperation))),
            (Facet.LANGUAGE, "en"),
        )
    )
    return rows[0]


def _introductions(asking: Any, others: Sequence[Any]) -> None:
    """Introductions that go on, each with a conversation."""
    from base.clock import now
    from chat.models import Channel
    from matchmaking.models import Introduction
    from matchmaking.vocabulary import IntroductionState, Said

    Introduction.objects.bulk_create(
        Introduction(
            first=asking,
            second=other,
            state=IntroductionState.OPEN,
            first_said=Said.YES,
            second_said=Said.YES,
            first_by=asking.contact,
            second_by=other.contact,
            channel=Channel.objects.create(kind="group", name="Two", is_public=False),
            opened_at=now(),
        )
        for other in others[:INTRODUCTIONS]
    )


if __name__ == "__main__":
    pages.main(fill)
