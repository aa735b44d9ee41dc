"""Reads of introductions: each as one side, or an intermediary, may know it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from base.clock import now, wire_time
from matchmaking.access.profiles import counting, may_meet, own_organisations
from matchmaking.events.suggestions import IntroductionNow
from matchmaking.models import Introduction, Suggestion
from matchmaking.rules.introductions import Side, as_seen_by, next_states
from matchmaking.vocabulary import WAITING, IntroductionState, Said
from members.events import Card
from members.models import Accompaniment, Member, Organisation
from members.queries import member_card
from members.queries.organisations import organisation_card

MOST_SHOWN = 100
ENDED_SHOWN = 20
ACCOMPANIED_SHOWN = 500


def with_sides(rows: QuerySet[Introduction]) -> QuerySet[Introduction]:
    """Return introductions with all that shows them, and who was suggested whom. One query."""
    first = Suggestion.objects.filter(profile=OuterRef("first"), other=OuterRef("second"))
    second = Suggestion.objects.filter(profile=OuterRef("second"), other=OuterRef("first"))
    known = rows.annotate(
        first_knows=Exists(first), second_knows=Exists(second), stands=may_meet("first", "second")
    )
    return known.select_related(
        "first__organisation",
        "second__organisation",
        "intermediary",
        "first_by__organisation",
        "second_by__organisation",
    )


def is_known_to(row: Introduction, organisation_id: int) -> bool:
    """Return whether a side may know of an introduction of `with_sides`.

    Interest comes to the other side as a suggestion, within the number that it set: until then it
    knows nothing.
    """
    side = row.side_of(organisation_id)
    has_said = row.standing.said[side] != Said.NOTHING
    knows = getattr(row, "first_knows" if side == Side.FIRST else "second_knows")
    return bool(row.intermediary_id or row.opened_at or has_said or knows)


def seen_by(row: Introduction, organisation_id: int) -> IntroductionNow:
    """Return an introduction of `with_sides` as one of its sides may know it. No query.

    One that it has not answered is gone while the other does not look for partners.
    """
    side = row.side_of(organisation_id)
    standing = row.standing.at(now())
    if standing.said[side] == Said.NOTHING and not vars(row)["stands"]:
        standing = replace(standing, state=IntroductionState.CLOSED)
    state = as_seen_by(standing, side)
    other = row.second if side == Side.FIRST else row.first
    is_open = row.opened_at is not None
    waits = standing.state in WAITING
    return IntroductionNow(
        id=row.pk,
        organisation=organisation_id,
        other=organisation_card(other.organisation),
        state=state.value,
        is_mine_to_answer=waits and standing.said[side] == Said.NOTHING,
        said=standing.said[side].value,
        intermediary=organisation_card(row.intermediary) if row.intermediary else None,
        channel=row.channel_id if is_open else None,
        speakers=_speakers((row.first_by, row.second_by)) if is_open else [],
        can=[each.value for each in next_states(standing.state)],
        answer_by=wire_time(row.answer_by),
    )


def _speakers(members: Iterable[Member | None]) -> list[Card]:
    return [Card(**member_card(member)) for member in members if member is not None]


def going_on_of(organisation_id: int) -> list[IntroductionNow]:
    """Return the introductions of an organisation that go on, as it may know them. One query.

    Those that its own people declined are left out; the newest first.
    """
    rows = with_sides(Introduction.objects.of(organisation_id).going_on())[:MOST_SHOWN]
    shown = [seen_by(row, organisation_id) for row in rows if is_known_to(row, organisation_id)]
    return [each for each in shown if each.state != IntroductionState.CLOSED]


def own_introductions(member: Member) -> list[IntroductionNow]:
    """Return those that go on of the organisations in which a member has a role. Two queries."""
    own = set(own_organisations(member).values_list("pk", flat=True))
    if not own:
        return []
    rows = Introduction.objects.filter(first__in=own) | Introduction.objects.filter(second__in=own)
    shown = [
        seen_by(row, pk)
        for row in with_sides(rows.going_on())[:MOST_SHOWN]
        for pk in (row.first_id, row.second_id)
        if pk in own and is_known_to(row, pk)
    ]
    kept = [each for each in shown if each.state != IntroductionState.CLOSED]
    return sorted(kept, key=lambda each: (each.id, each.organisation))


def introductions_of_events(
    wanted: Collection[tuple[int, int]],
) -> Mapping[tuple[int, int], IntroductionNow]:
    """Return introductions by id and the organisation that looks. One query."""
    rows = with_sides(Introduction.objects.filter(pk__in={pk for pk, _ in wanted})).in_bulk()
    return {
        (pk, organisation): seen_by(rows[pk], organisation)
        for pk, organisation in wanted
        if pk in rows
        and organisation in (rows[pk].first_id, rows[pk].second_id)
        and is_known_to(rows[pk], organisation)
    }


def ended_of(organisation_id: int) -> list[IntroductionNow]:
    """Return the last introductions of an organisation that had begun and are closed. One query."""
    closed = Introduction.objects.of(organisation_id).filter(state=IntroductionState.CLOSED)
    rows = with_sides(closed.exclude(opened_at=None))[:ENDED_SHOWN]
    return [seen_by(row, organisation_id) for row in rows]


@dataclass(frozen=True)
class Accompanied:
    """An introduction as an intermediary may know it: a state, without who said what.

    Attributes:
        other: Whom the organisation is introduced to.
    """

    introduction: Introduction
    other: Organisation
    state: IntroductionState


def states_for_intermediaries(
    organisation_ids: Collection[int],
) -> dict[int, list[Accompanied]]:
    """Return what goes on by organisation, as those who accompany it may know it. One query.

    At most 100 altogether. What no side has agreed to and no intermediary proposed is not there.
    """
    found: dict[int, list[Accompanied]] = {pk: [] for pk in organisation_ids}
    of_these = Q(first__in=organisation_ids) | Q(second__in=organisation_ids)
    for row in with_sides(Introduction.objects.filter(of_these).going_on())[:MOST_SHOWN]:
        state = as_seen_by(row.standing.at(now()), None)
        for own, other in ((row.first, row.second), (row.second, row.first)):
            if own.pk in found:
                found[own.pk].append(Accompanied(row, other.organisation, state))
    return found


def states_for_intermediary(organisation_id: int) -> list[Accompanied]:
    """Return what goes on of one organisation, as those who accompany it may know it. One query."""
    return states_for_intermediaries([organisation_id])[organisation_id]


def accompanied_profiles(intermediary_id: int) -> list[Organisation]:
    """Return those whom an intermediary accompanies and whose profile counts, by name. One query.

    At most 500, as many as a portfolio invites.
    """
    holding = Accompaniment.objects.holding().filter(intermediary=intermediary_id)
    rows = Organisation.objects.filter(
        pk__in=holding.values("organisation"), matching__in=counting().values("pk")
    )
    return list(rows.order_by("name", "pk")[:ACCOMPANIED_SHOWN])


def proposed_by(intermediary_id: int) -> list[Accompanied]:
    """Return what an intermediary proposed lately, as it may know it. One query."""
    rows = with_sides(Introduction.objects.filter(intermediary=intermediary_id))[:MOST_SHOWN]
    moment = now()
    return [
        Accompanied(row, row.second.organisation, as_seen_by(row.standing.at(moment), None))
        for row in rows
    ]
