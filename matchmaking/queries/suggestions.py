"""Reads of suggestions, each as its own organisation's people see it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet, prefetch_related_objects

from base.clock import now, wire_time
from matchmaking.access.profiles import may_meet, own_organisations
from matchmaking.events.suggestions import SuggestionState
from matchmaking.models import Introduction, MatchingProfile, Suggestion
from matchmaking.queries.market import eligible
from matchmaking.queries.reasons import Reasons, reasons_for
from matchmaking.rules.introductions import Side
from matchmaking.vocabulary import Answer, Said
from members.models import Member
from members.queries.organisations import organisation_card

MOST_SHOWN = 100


@dataclass(frozen=True)
class Shown:
    """A suggestion with what a page says of it.

    Attributes:
        profile: Of the one who is suggested, with its organisation and choices.
    """

    state: SuggestionState
    profile: MatchingProfile
    reasons: Reasons


def asking_to_meet(organisation_id: int) -> set[int]:
    """Return the organisations that said yes to meeting this one and wait for its word. One query.

    Whom its own people declined already waits for nothing.
    """
    found = set()
    for row in Introduction.objects.of(organisation_id).going_on():
        own = row.side_of(organisation_id)
        said = row.standing.said
        waits = row.opened_at is None and said[own] == Said.NOTHING
        if waits and said[own.other] == Said.YES:
            found.add(row.across(organisation_id))
    return found


def open_suggestions(organisation_id: int) -> QuerySet[Suggestion]:
    """Return those that wait for an answer, the best first."""
    rows = Suggestion.objects.filter(profile=organisation_id).open()
    return rows.order_by("-score", "other_id")


def _state(row: Suggestion, *, wants_to_meet: bool, stands: bool) -> SuggestionState:
    put_off = row.answer == Answer.LATER and row.until is not None and row.until <= now()
    return SuggestionState(
        organisation=row.profile_id,
        other=organisation_card(row.other.organisation),
        made_at=wire_time(row.made_at),
        wants_to_meet=wants_to_meet,
        is_open=stands and row.lapsed_at is None and (not row.answer or put_off),
        answer="" if put_off else row.answer,
        until=wire_time(row.until) if row.until and not put_off else None,
    )


def shown_suggestions(organisation_id: int) -> list[Shown]:
    """Return the open suggestions that may still be made, with their reasons.

    Who wants to meet stands first, then the best. A constant number of queries.
    """
    rows = list(open_suggestions(organisation_id)[:MOST_SHOWN])
    allowed = eligible(organisation_id, [row.other_id for row in rows])
    wishes = asking_to_meet(organisation_id)
    prefetch_related_objects(list(allowed.values()), "choices")
    reasons = reasons_for(organisation_id, {pk: each.organisation for pk, each in allowed.items()})
    shown = []
    for row in rows:
        if row.other_id in reasons:
            row.other = allowed[row.other_id]
            state = _state(row, wants_to_meet=row.other_id in wishes, stands=True)
            shown.append(Shown(state, row.other, reasons[row.other_id]))
    return sorted(shown, key=lambda each: not each.state.wants_to_meet)


def answered_suggestions(organisation_id: int) -> QuerySet[Suggestion]:
    """Return those that were put off or declined, the newest answer first."""
    put_off = Q(answer=Answer.LATER, until__gt=now())
    rows = Suggestion.objects.filter(put_off | Q(answer=Answer.DECLINED), profile=organisation_id)
    return rows.select_related("other__organisation").order_by("-answered_at", "-pk")


def suggestions_of_events(
    wanted: Collection[tuple[int, int]],
) -> Mapping[tuple[int, int], SuggestionState]:
    """Return suggestions by the organisations whose and who. Two queries."""
    pairs = Q(pk__in=())
    for organisation, other in wanted:
        pairs |= Q(profile=organisation, other=other)
    rows = Suggestion.objects.filter(pairs).annotate(stands=may_meet("profile", "other"))
    found = list(rows.select_related("other__organisation"))
    wishes = _wishes({row.profile_id for row in found})
    return {
        (row.profile_id, row.other_id): _state(
            row,
            wants_to_meet=(row.profile_id, row.other_id) in wishes,
            stands=vars(row)["stands"],
        )
        for row in found
    }


def own_suggestions(member: Member) -> list[SuggestionState]:
    """Return the open suggestions of the organisations in which a member has a role.

    Those that still may be made. Three queries.
    """
    own = list(own_organisations(member).values_list("pk", flat=True))
    if not own:
        return []
    rows = Suggestion.objects.filter(may_meet("profile", "other"), profile__in=own).open()
    wishes = _wishes(set(own))
    return [
        _state(row, wants_to_meet=(row.profile_id, row.other_id) in wishes, stands=True)
        for row in rows.select_related("other__organisation").order_by("profile_id", "other_id")[
            :MOST_SHOWN
        ]
    ]


def _wishes(organisation_ids: Collection[int]) -> set[tuple[int, int]]:
    """Who of these is asked to meet by whom, and has not answered. One query."""
    of_these = Q(first__in=organisation_ids) | Q(second__in=organisation_ids)
    waiting = Introduction.objects.filter(of_these, opened_at=None).going_on()
    found = set()
    for row in waiting:
        for side, pk in ((Side.FIRST, row.first_id), (Side.SECOND, row.second_id)):
            said = row.standing.said
            if said[side] == Said.NOTHING and said[side.other] == Said.YES:
                found.add((pk, row.across(pk)))
    return found
