"""Writes of meeting rounds: planned, run, mended while they run, deleted.

What the engine says is written under the lock of the meeting's row, so that two organisers who
press at once make two rounds, one after the other. Who takes part is told where they sit whenever
that changed, on their own topic.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from django.utils.translation import gettext as _

from base.clock import now
from base.errors import Conflict, Invalid
from base.text import clean_text
from live.registry import Written
from live.units import append, current
from matchmaking.access.rounds import meeting_for
from matchmaking.engine.rounds import Event, Round, mended, next_round, planned_rounds
from matchmaking.events.rounds import MeetingChanged, OwnTables, TablesChanged
from matchmaking.models import Meeting, MeetingPlace, MeetingRound, MeetingSeat
from matchmaking.queries.rounds import as_event, consenting, fits_of, may_take_part, meeting_states
from matchmaking.queries.seats import tables_by_member
from matchmaking.vocabulary import (
    MEETING_TITLE,
    MOST_AHEAD_ROUNDS,
    MOST_AT_A_MEETING,
    MOST_ROUNDS,
    GroupSize,
)
from members.access import require_organiser
from members.models import Member

AHEAD_TIME_S = 2.0
"""How long planning ahead may hold other writes back, all rounds together."""


def plan_meeting(
    *,
    actor: Member,
    title: str,
    size: int,
    member_ids: Collection[int],
    with_consenting: bool = False,
) -> Written:
    """Make a meeting of these members, and of those who agreed to suggestions if so wanted.

    Raises:
        Forbidden: `forbidden`, the actor does not organise.
        Invalid: `invalid`, no title, an unknown size, nobody or too many, or somebody is no member.
    """
    require_organiser(actor)
    title = clean_text(" ".join(title.split()), MEETING_TITLE, field="title")
    wrong: dict[str, list[str]] = {}
    if not title:
        wrong["title"] = [_("Give it a title.")]
    if size not in GroupSize.values:
        wrong["size"] = [_("Choose two, three or four.")]
    ids = set(_known(actor, member_ids))
    if with_consenting:
        ids |= set(consenting(actor, MOST_AT_A_MEETING + 1))
    if not ids or len(ids) > MOST_AT_A_MEETING:
        wrong["members"] = [_("Between 1 and 300 people can take part.")]
    if wrong:
        raise Invalid(fields=wrong)
    row = Meeting.objects.create(host=actor, title=title, size=size)
    MeetingPlace.objects.bulk_create(MeetingPlace(meeting=row, member_id=pk) for pk in sorted(ids))
    _tell(actor, row)
    return Written(row)


def begin_round(*, actor: Member, meeting_id: int) -> Written:
    """Begin the next round: the one that was planned, else one for those who are there now.

    Raises:
        NotFound: `not_found`, no such meeting for this actor.
        Conflict: `meeting.too_many_rounds`, it has had 20.
    """
    row = _locked(actor, meeting_id)
    if row.current >= MOST_ROUNDS:
        raise _too_many()
    if not MeetingRound.objects.filter(meeting=row, number=row.current + 1).exists():
        event = as_event(row)
        _write(row, next_round(event, fits_of(event)).rounds[-1:], row.current + 1)
    row.current += 1
    row.save(update_fields=["current"])
    MeetingRound.objects.filter(meeting=row, number=row.current).update(begun_at=now())
    _tell(actor, row)
    return Written(row)


def plan_ahead(*, actor: Member, meeting_id: int, rounds: int) -> Written:
    """Plan the following rounds for those who are there now; former plans are thrown away.

    Raises:
        NotFound: `not_found`, no such meeting for this actor.
        Invalid: `invalid`, not between 1 and 10 rounds.
        Conflict: `meeting.too_many_rounds`, it would have more than 20.
    """
    row = _locked(actor, meeting_id)
    if not 1 <= rounds <= MOST_AHEAD_ROUNDS:
        raise Invalid(fields={"rounds": [_("Plan between 1 and 10 rounds.")]})
    if row.current + rounds > MOST_ROUNDS:
        raise _too_many()
    event = as_event(row)
    planned = planned_rounds(event, fits_of(event), rounds, time_limit_s=AHEAD_TIME_S / rounds)
    _drop_plans(row)
    _write(row, planned.rounds[row.current :], row.current + 1)
    _tell(actor, row)
    return Written(row)


def change_presence(
    *, actor: Member, meeting_id: int, here: Collection[int], absent: Collection[int]
) -> Written:
    """Say who has come and who is not there; the round that runs is mended, plans are dropped.

    Nobody's table changes who still sits with others. Saying it again changes nothing.

    Raises:
        NotFound: `not_found`, no such meeting for this actor.
        Invalid: `invalid`, somebody is no member, is both, or too many take part.
    """
    row = _locked(actor, meeting_id)
    if set(here) & set(absent):
        raise Invalid(fields={"absent": [_("Nobody can be here and absent at once.")]})
    places = {place.member_id: place for place in MeetingPlace.objects.filter(meeting=row)}
    fresh = _known(actor, set(here) - places.keys())
    if len(places) + len(fresh) > MOST_AT_A_MEETING:
        raise Invalid(fields={"here": [_("Between 1 and 300 people can take part.")]})
    came = [pk for pk in here if pk in places and not places[pk].is_here]
    left = [pk for pk in absent if pk in places and places[pk].is_here]
    if not fresh and not came and not left:
        return Written(row)
    before = tables_by_member(row.pk)
    MeetingPlace.objects.bulk_create(
        MeetingPlace(meeting=row, member_id=pk, is_here=False) for pk in fresh
    )
    event = as_event(row)
    event = mended(event, fits_of(event), absent=left, late=[*came, *fresh])
    MeetingPlace.objects.filter(meeting=row, member__in=event.here).update(is_here=True)
    MeetingPlace.objects.filter(meeting=row, member__in=left).update(is_here=False)
    _drop_plans(row)
    if row.current:
        _reseat(row, event)
    _tell(actor, row, known=before)
    return Written(row)


def drop_meeting(*, actor: Member, meeting_id: int) -> Written:
    """Delete a meeting with all its rounds.

    Raises:
        NotFound: `not_found`, no such meeting for this actor.
    """
    row = _locked(actor, meeting_id)
    host, pk = row.host_id, row.pk
    told = MeetingPlace.objects.filter(meeting=row).values_list("member_id", flat=True)
    gone = dict.fromkeys(told)
    row.delete()
    _say(actor, host, pk, gone)
    return Written()


def _locked(actor: Member, meeting_id: int) -> Meeting:
    found = meeting_for(actor, meeting_id)
    return Meeting.objects.select_for_update().get(pk=found.pk)


def _known(actor: Member, ids: Collection[int]) -> list[int]:
    """The ids, ascending, all of members whom the actor may see.

    Raises:
        Invalid: `invalid`, one is not.
    """
    if len(set(ids)) > MOST_AT_A_MEETING:
        raise Invalid(fields={"members": [_("Between 1 and 300 people can take part.")]})
    found = may_take_part(actor, ids)
    if len(found) != len(set(ids)):
        raise Invalid(fields={"members": [_("Somebody in this list is no member here.")]})
    return found


def _too_many() -> Conflict:
    return Conflict(code="meeting.too_many_rounds", detail=_("A meeting has at most 20 rounds."))


def _drop_plans(row: Meeting) -> None:
    MeetingRound.objects.filter(meeting=row, number__gt=row.current).delete()


def _write(row: Meeting, rounds: Sequence[Round], first: int) -> None:
    """Keep rounds of the engine, the tables numbered from 1. Three queries."""
    places = dict(MeetingPlace.objects.filter(meeting=row).values_list("member_id", "pk"))
    seats = []
    for number, each in enumerate(rounds, first):
        made = MeetingRound.objects.create(meeting=row, number=number, is_proven=each.is_proven)
        for table, group in enumerate(each.groups, 1):
            seats += [MeetingSeat(round=made, place_id=places[pk], table=table) for pk in group]
        seats += [
            MeetingSeat(round=made, place_id=places[one.person], why=one.why.value)
            for one in each.waiting
        ]
    MeetingSeat.objects.bulk_create(seats)


def _reseat(row: Meeting, event: Event) -> None:
    """Keep the mended round; who still sits together keeps the number of the table."""
    last = event.rounds[-1]
    made = MeetingRound.objects.get(meeting=row, number=row.current)
    places = dict(MeetingPlace.objects.filter(meeting=row).values_list("member_id", "pk"))
    before = dict(
        MeetingSeat.objects.filter(round=made, table__isnull=False).values_list(
            "place__member_id", "table"
        )
    )
    free = iter(sorted(set(range(1, len(places) + 1)) - set(before.values())))
    seats, taken = [], set()
    for group in last.groups:
        known = Counter(before[pk] for pk in group if pk in before)
        usual = [table for table, _count in known.most_common() if table not in taken]
        table = usual[0] if usual else next(free)
        taken.add(table)
        seats += [MeetingSeat(round=made, place_id=places[pk], table=table) for pk in group]
    seats += [
        MeetingSeat(round=made, place_id=places[one.person], why=one.why.value)
        for one in last.waiting
    ]
    MeetingSeat.objects.filter(round=made).delete()
    MeetingSeat.objects.bulk_create(seats)
    made.is_proven = last.is_proven
    made.save(update_fields=["is_proven"])


def _tell(actor: Member, row: Meeting, *, known: Mapping[int, OwnTables] | None = None) -> None:
    """Say to who planned a meeting how it is now, and to who takes part where they sit.

    Args:
        actor: Who changed it.
        row: The meeting.
        known: What each saw of it before, where not everybody's table has changed.
    """
    tables = tables_by_member(row.pk)
    fresh = {pk: each for pk, each in tables.items() if known is None or known.get(pk) != each}
    _say(actor, row.host_id, row.pk, fresh)


def _say(
    actor: Member, host_id: int | None, meeting_id: int, tables: Mapping[int, OwnTables | None]
) -> None:
    told = {*tables, host_id} - {None}
    current().lock([f"member:{pk}" for pk in told], make=True)
    if host_id is not None:
        state = meeting_states([meeting_id]).get(meeting_id)
        append(
            topic=f"member:{host_id}",
            event="meeting.changed",
            actor=actor,
            data={"meeting": meeting_id},
            fresh=partial(MeetingChanged, id=meeting_id, meeting=state),
        )
    for pk, each in tables.items():
        append(
            topic=f"member:{pk}",
            event="tables.changed",
            actor=actor,
            data={"meeting": meeting_id, "member": pk},
            fresh=partial(TablesChanged, id=meeting_id, tables=each),
        )
