"""Organisations with matching profiles, and what their people do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from base.clock import now
from live.performing import perform
from matchmaking.actions.profiles import market_changed
from matchmaking.actions.suggestions import suggest_now
from matchmaking.events.groups import BeginGroup
from matchmaking.events.profiles import SaveMatching
from matchmaking.events.suggestions import AnswerIntroduction, AnswerSuggestion, UndoAnswer
from matchmaking.models import (
    Choice,
    Consortium,
    ConsortiumSeat,
    Introduction,
    MatchingProfile,
    Suggestion,
)
from matchmaking.vocabulary import PROFILE_LASTS, Facet
from members.models import Member, Organisation
from tests import factories

CONSENTS = ("directory", "matching")


@dataclass(frozen=True)
class House:
    """An organisation with the member who represents it and speaks for it."""

    organisation: Organisation
    member: Member

    @property
    def id(self) -> int:
        """Its id, which is its profile's too."""
        return self.organisation.pk


def house(
    country: str = "EE",
    *,
    name: str = "",
    needs: Iterable[str] = ("festival",),
    offers: Iterable[str] = ("residency",),
    private: Iterable[str] = (),
    wanted: Iterable[str] = (),
    languages: Iterable[str] = ("en",),
    consents: tuple[str, ...] = CONSENTS,
    **fields: Any,
) -> House:
    """Return an organisation whose matching profile counts, with its representative."""
    named = {"name": name} if name else {}
    organisation = factories.organisation(country=country, **named)
    member = factories.member(country=country, organisation=organisation, consents=consents)
    factories.appointment(member=member, organisation=organisation)
    profile = MatchingProfile.objects.create(
        organisation=organisation,
        contact=member,
        expires_at=now() + PROFILE_LASTS,
        **fields,
    )
    chosen = [
        *((Facet.NEED, code) for code in {*needs, *private}),
        *((Facet.OFFER, code) for code in offers),
        *((Facet.WANTED, code) for code in wanted),
        *((Facet.LANGUAGE, code) for code in languages),
    ]
    Choice.objects.bulk_create(
        Choice(
            profile=profile,
            facet=facet,
            code=code,
            is_private=facet == Facet.NEED and code in set(private),
        )
        for facet, code in chosen
    )
    market_changed(organisation_ids=[profile.pk])
    return House(organisation, member)


def pair(**fields: Any) -> tuple[House, House]:
    """Return two who fit: each offers what the other looks for."""
    one = house("EE", name="Sadam", needs=["festival"], offers=["residency"], **fields)
    other = house("FI", name="Majakka", needs=["residency"], offers=["festival"], **fields)
    return one, other


def do(member: Member, cmd: str, data: Any, **options: Any) -> dict[str, Any]:
    """One write, as every door does it."""
    return perform(actor=member, cmd=cmd, topic=f"member:{member.pk}", data=data, **options)


def save(of: House, member: Member | None = None, **said: Any) -> dict[str, Any]:
    """Change a matching profile."""
    return do(member or of.member, "matching.save", SaveMatching(organisation=of.id, **said))


def suggest(*houses: House) -> None:
    """Look for suggestions for each of these."""
    for each in houses:
        suggest_now(organisation_id=each.id)


def suggested_to(of: House) -> list[int]:
    """Who was suggested to it, the first first."""
    rows = Suggestion.objects.filter(profile=of.id).order_by("pk")
    return list(rows.values_list("other_id", flat=True))


def answer(of: House, other: House, said: str, **more: Any) -> dict[str, Any]:
    """Say something of a suggestion."""
    data = AnswerSuggestion(organisation=of.id, other=other.id, answer=said, **more)
    return do(of.member, "suggestion.answer", data)


def undo(of: House, other: House) -> dict[str, Any]:
    """Take an answer back."""
    return do(of.member, "suggestion.undo", UndoAnswer(organisation=of.id, other=other.id))


def introduce(one: House, other: House) -> Introduction:
    """Have both say that they are interested."""
    suggest(one, other)
    answer(one, other, "interested")
    answer(other, one, "interested")
    return Introduction.objects.of(one.id).of(other.id).going_on().get()


def say(of: House, row: Introduction, *, yes: bool) -> dict[str, Any]:
    """Answer an introduction."""
    data = AnswerIntroduction(id=row.pk, organisation=of.id, yes=yes)
    return do(of.member, "introduction.answer", data)


def begin_group(*houses: House) -> int:
    """Have all agree to a consortium that becomes a project group; its id."""
    lead = houses[0]
    row = Consortium.objects.create(lead=lead.organisation, title="Harbours", state="agreed")
    ConsortiumSeat.objects.bulk_create(
        ConsortiumSeat(consortium=row, organisation=each.organisation, said="yes", by=each.member)
        for each in houses
    )
    data = BeginGroup(organisation=lead.id, consortium=row.pk)
    return int(do(lead.member, "group.begin", data)["id"])
