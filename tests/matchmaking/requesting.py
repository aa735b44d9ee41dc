"""A business with a request, and people of every standing towards it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from base.clock import now
from live.models import Event
from live.performing import perform
from matchmaking.events.requests import PostRequest
from matchmaking.models import (
    Choice,
    CooperationRequest,
    MarketState,
    MatchingProfile,
    RequestAnswer,
    RequestChoice,
    RequestFit,
)
from matchmaking.vocabulary import Facet
from members.actions import record_consents
from members.models import Act, Member, Organisation
from tests import factories

STANDINGS = ("author", "colleague", "accompanying", "other", "lonely", "blocked", "staff", "guest")
TABLES = (Act, CooperationRequest, Event, RequestAnswer, RequestChoice, RequestFit)


@dataclass(frozen=True)
class World:
    """A business `Loom` in Estonia, accompanied by `Hub`; a festival `Hafen` in Germany.

    Attributes:
        people: By standing to the business; `other` is the festival's, whose matching profile
            counts, `blocked` another of Germany whom the author blocks, `lonely` of none.
    """

    business: Organisation
    festival: Organisation
    people: dict[str, Member]

    def do(self, who: str, cmd: str, data: Any) -> dict[str, Any]:
        """One write of theirs, as every door does it."""
        actor = self.people[who]
        return perform(actor=actor, cmd=cmd, topic=f"member:{actor.pk}", data=data)

    def post(self, who: str = "author", **said: Any) -> int:
        """Post a request for the business and return its id."""
        return int(self.do(who, "request.post", self.words(**said))["id"])

    def words(self, **said: Any) -> PostRequest:
        """What a request says."""
        values = {
            "organisation": self.business.pk,
            "title": "Festivals for a dance piece",
            "text": "Thirty minutes, two dancers, ready to tour from May.",
            "deadline": (now() + timedelta(days=30)).date().isoformat(),
            "language": "en",
            "needs": ["festival"],
            "offers": ["coproduction"],
        } | said
        return msgspec.convert(values, PostRequest)

    def row(self, pk: int) -> CooperationRequest:
        """A request as it is now."""
        return CooperationRequest.objects.get(pk=pk)


def make_world() -> World:
    """Make it, with a matching profile of the festival."""
    from moderation.models import Block

    business = factories.organisation(name="Loom", kind="business", country="EE")
    hub = factories.organisation(name="Hub", kind="incubator", country="EE")
    festival = factories.organisation(name="Hafen", country="DE", is_public=True)
    third = factories.organisation(name="Kai", country="DE")
    people = {
        "author": factories.member(name="Rita"),
        "colleague": factories.member(name="Edda"),
        "accompanying": factories.member(name="Anna"),
        "other": factories.member(name="Otto"),
        "lonely": factories.member(name="Lone"),
        "blocked": factories.member(name="Bert"),
        "staff": factories.member(name="Stina", is_staff=True),
        "guest": factories.member(name="Gert", kind="guest"),
    }
    for who, house in (
        ("author", business), ("colleague", business), ("accompanying", hub), ("other", festival),
        ("blocked", third),
    ):  # fmt: skip
        factories.appointment(member=people[who], organisation=house)
    factories.accompaniment(intermediary=hub, organisation=business)
    Block.objects.create(blocker=people["author"], blocked=people["blocked"])
    world = World(business, festival, people)
    for who, house in (("other", festival), ("blocked", third)):
        match(people[who], house)
    return world


def match(contact: Member, house: Organisation) -> None:
    """A matching profile that counts: it offers festivals and looks for co-productions."""
    record_consents(member=contact, purposes=("matching",))
    profile = MatchingProfile.objects.create(
        organisation=house, contact=contact, weekly=2, expires_at=now() + timedelta(days=90)
    )
    for facet, code in (
        (Facet.OFFER, "festival"), (Facet.NEED, "coproduction"), (Facet.LANGUAGE, "en"),
    ):  # fmt: skip
        Choice.objects.create(profile=profile, facet=facet, code=code)
    MarketState.touch(MatchingProfile.objects.filter(pk=house.pk))


def counts() -> list[int]:
    """How many rows there are of everything that a request's write makes."""
    return [table.objects.count() for table in TABLES]
