"""Reads of consortia: the best team for some needs, and what was proposed."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from base.clock import now, wire_time
from base.countries import country_name
from matchmaking.access.profiles import own_organisations
from matchmaking.engine.consortium import best_team
from matchmaking.engine.teams import Candidates, Shape, Team
from matchmaking.events.consortia import ConsortiumNow, SeatFound, TeamFound
from matchmaking.models import (
    Choice,
    Consortium,
    ConsortiumSeat,
    Introduction,
    MatchingProfile,
    ProjectGroup,
    Suggestion,
)
from matchmaking.queries.market import asking_profile, current_market, eligible
from matchmaking.vocabulary import MOST_WEIGHED, Answer, ConsortiumState, Facet, Said
from members.models import Member
from members.queries.organisations import organisation_card
from moderation.access import apart_among

MOST_SHOWN = 50
MOST_NAMED = 30


def found_team(
    organisation_id: int, shape: Shape, needs: Sequence[str], members: Collection[int]
) -> TeamFound | None:
    """Return the best team that an organisation could lead; None where its own profile rests.

    A constant number of queries.

    Args:
        organisation_id: Of the lead.
        shape: What the team has to be.
        needs: Codes of forms of cooperation that it is to cover.
        members: Organisations that are in it in any case; those that do not look for partners now
            are left out.
    """
    asking = asking_profile(organisation_id)
    if asking is None:
        return None
    market, moment = current_market(), now().timestamp()
    scores = {one.id: one.score for one in market.suggest_for(asking, MOST_WEIGHED, moment)}
    rows = eligible(organisation_id, {*scores, *members})
    rows[organisation_id] = MatchingProfile.objects.select_related("organisation").get(
        pk=organisation_id
    )
    ids = sorted(pk for pk in rows if pk in market)
    if organisation_id not in ids:
        return None
    place = {pk: row for row, pk in enumerate(ids)}
    fixed = [place[pk] for pk in sorted({organisation_id, *members}) if pk in place]
    candidates = Candidates(
        countries=[rows[pk].organisation.country for pk in ids],
        covers=_covers(ids, needs),
        lead_fit=np.array([scores.get(pk, 0.0) for pk in ids]),
        mutual=lambda chosen: market.mutual([ids[row] for row in chosen], moment),
        apart=_apart(market.apart(ids), [rows[pk] for pk in ids], place[organisation_id], fixed),
    )
    if len(fixed) > shape.partners:
        fixed = fixed[: shape.partners]
    team = best_team(candidates, shape=shape, fixed=fixed)
    return _said(team, [rows[pk] for pk in ids], organisation_id, needs)


def may_be_named(organisation_id: int) -> list[tuple[str, str]]:
    """Return whom an organisation may ask for by name: those it has to do with, by name.

    With whom it is introduced, cooperates, or who was suggested to it and not declined. Five
    queries.
    """
    introduced = Introduction.objects.of(organisation_id).exclude(opened_at=None)
    pairs = introduced.values_list("first_id", "second_id")[:MOST_NAMED]
    suggested = Suggestion.objects.filter(profile=organisation_id)
    suggested = suggested.exclude(answer=Answer.DECLINED).order_by("-score", "other")
    ids = {pk for pair in pairs for pk in pair} - {organisation_id}
    ids |= set(suggested.values_list("other_id", flat=True)[:MOST_NAMED])
    houses = [row.organisation for row in eligible(organisation_id, ids).values()]
    houses.sort(key=lambda house: (house.name, house.pk))
    return [(str(house.pk), f"{house.name}, {country_name(house.country)}") for house in houses]


def _covers(ids: Sequence[int], needs: Sequence[str]) -> NDArray[np.bool_]:
    place = {pk: row for row, pk in enumerate(ids)}
    column = {code: number for number, code in enumerate(needs)}
    found = np.zeros((len(ids), len(needs)), dtype=bool)
    offers = Choice.objects.filter(profile__in=ids, facet=Facet.OFFER, code__in=needs)
    for pk, code in offers.values_list("profile_id", "code"):
        found[place[pk], column[code]] = True
    return found


def _apart(
    found: NDArray[np.bool_], profiles: Sequence[MatchingProfile], lead: int, named: Sequence[int]
) -> NDArray[np.bool_]:
    """Which two are never in one team: those that the market keeps apart, and who block each other.

    Whom the lead names it may work with whatever their profiles say. One query.
    """
    found[lead, named] = found[named, lead] = False
    contacts = [row.contact_id or 0 for row in profiles]
    place = {contact: row for row, contact in enumerate(contacts)}
    for one, other in apart_among(contacts):
        found[place[one], place[other]] = found[place[other], place[one]] = True
    return found


def _said(
    team: Team, rows: Sequence[MatchingProfile], lead_id: int, needs: Sequence[str]
) -> TeamFound:
    cards = [organisation_card(row.organisation) for row in rows]
    countries = Counter(cards[seat.row].country for seat in team.seats)
    seats = [
        SeatFound(
            organisation=cards[seat.row],
            is_lead=cards[seat.row].id == lead_id,
            is_fixed=seat.is_fixed,
            brings_country=countries[cards[seat.row].country] == 1,
            needs=[needs[number] for number in seat.needs],
            alone=[needs[number] for number in seat.alone],
            replacements=[cards[row] for row in seat.replacements],
        )
        for seat in team.seats
    ]
    return TeamFound(
        proof=team.proof.value,
        weighed=team.weighed,
        # The lead first, then by id.
        seats=sorted(seats, key=lambda seat: (not seat.is_lead, seat.organisation.id)),
        nobody=[needs[number] for number in team.missing.nobody],
        together=[needs[number] for number in team.missing.together],
        lacks_countries=team.missing.countries,
        lacks_partners=team.missing.partners,
        apart=[[cards[row] for row in pair] for pair in team.missing.apart],
    )


def with_seats(rows: QuerySet[Consortium]) -> QuerySet[Consortium]:
    """Return consortia with all that shows them. Two queries."""
    return rows.select_related("lead").prefetch_related("seats__organisation")


def seen_by(row: Consortium, organisation_id: int, group: int | None) -> ConsortiumNow:
    """Return a consortium as one of its organisations may know it. No query where loaded."""
    seats: list[ConsortiumSeat] = list(row.seats.all())
    own = next(seat for seat in seats if seat.organisation_id == organisation_id)
    state = row.state_now
    return ConsortiumNow(
        id=row.pk,
        organisation=organisation_id,
        title=row.title,
        lead=organisation_card(row.lead),
        members=[organisation_card(seat.organisation) for seat in seats],
        needs=row.needs,
        state=state.value,
        said=own.said,
        is_mine_to_answer=state == ConsortiumState.PROPOSED and own.said == Said.NOTHING,
        agreed=sum(seat.said == Said.YES for seat in seats),
        answer_by=wire_time(row.answer_by),
        group=group,
    )


def consortia_of(organisation_id: int) -> list[ConsortiumNow]:
    """Return the consortia of an organisation, the newest first, at most 50. Three queries.

    Those that its own people declined are left out.
    """
    rows = list(with_seats(Consortium.objects.of(organisation_id))[:MOST_SHOWN])
    groups = _groups(rows)
    shown = [seen_by(row, organisation_id, groups.get(row.pk)) for row in rows]
    return [each for each in shown if each.said != Said.NO]


def own_consortia(member: Member) -> list[ConsortiumNow]:
    """Return those that wait or agreed, of the organisations in which a member has a role."""
    own = set(own_organisations(member).values_list("pk", flat=True))
    if not own:
        return []
    seats = ConsortiumSeat.objects.filter(organisation__in=own).exclude(said=Said.NO)
    pairs = list(
        seats.order_by("consortium", "organisation").values_list(
            "consortium_id", "organisation_id"
        )[:MOST_SHOWN]
    )
    states = consortia_of_events(pairs)
    kept = [states[pair] for pair in pairs if pair in states]
    return [each for each in kept if each.state != ConsortiumState.CLOSED]


def consortia_of_events(
    wanted: Collection[tuple[int, int]],
) -> Mapping[tuple[int, int], ConsortiumNow]:
    """Return consortia by id and the organisation that looks. Three queries."""
    rows = with_seats(Consortium.objects.filter(pk__in={pk for pk, _ in wanted})).in_bulk()
    groups = _groups(list(rows.values()))
    houses = {pk: {seat.organisation_id for seat in row.seats.all()} for pk, row in rows.items()}
    return {
        (pk, house): seen_by(rows[pk], house, groups.get(pk))
        for pk, house in wanted
        if pk in rows and house in houses[pk]
    }


def _groups(rows: Collection[Consortium]) -> dict[int, int]:
    found = ProjectGroup.objects.filter(consortium__in=rows)
    return {
        consortium: pk for consortium, pk in found.values_list("consortium_id", "pk") if consortium
    }
