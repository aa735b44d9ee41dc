"""Organisations that look for partners, with somebody who speaks for each."""

from dataclasses import dataclass
from typing import Any

import msgspec

from live.performing import perform
from matchmaking.models import Choice, MarketState, MatchingProfile
from members.models import Member, Organisation
from tests import factories


@dataclass(frozen=True)
class House:
    """An organisation with its matching profile and its representative."""

    organisation: Organisation
    person: Member
    profile: MatchingProfile

    @property
    def id(self) -> int:
        """The organisation's id."""
        return self.organisation.pk

    def rest(self) -> None:
        """Take its profile out of the market."""
        self.profile.expires_at = self.profile.made_at
        self.profile.save()
        MarketState.touch(MatchingProfile.objects.filter(pk=self.id))


def house(country: str, **codes: list[str]) -> House:
    """An organisation of that country whose representative consents; `offers`, `needs`."""
    organisation = factories.organisation(country=country)
    person = factories.member(
        country=country, organisation=organisation, consents=("directory", "matching")
    )
    factories.appointment(member=person, organisation=organisation)
    profile = MatchingProfile(organisation=organisation, contact=person)
    profile.renew()
    profile.save()
    chosen = {"language": ["en"], "offer": codes.get("offers", []), "need": codes.get("needs", [])}
    Choice.objects.bulk_create(
        Choice(profile=profile, facet=facet, code=code)
        for facet, values in chosen.items()
        for code in values
    )
    MarketState.touch(MatchingProfile.objects.filter(pk=organisation.pk))
    return House(organisation, person, profile)


def do(actor: Member, cmd: str, data: msgspec.Struct) -> dict[str, Any]:
    """One write on one's own topic, as every door does it."""
    return perform(actor=actor, cmd=cmd, topic=f"member:{actor.pk}", data=data)
