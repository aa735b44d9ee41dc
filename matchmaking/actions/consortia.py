"""Writes of consortia: proposed by the lead, answered by each, given up.

Every answer is written under the lock of the consortium's row, so the last yes, whichever that is,
makes it agreed.
"""

from collections.abc import Collection
from functools import partial
from itertools import combinations, starmap

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from base.errors import Conflict, Invalid
from base.text import clean_text
from live.registry import Written
from live.units import append, current
from matchmaking.access.consortia import consortium_for, led_consortium_for
from matchmaking.access.profiles import answering_for, own_people_of
from matchmaking.events.consortia import ConsortiumChanged
from matchmaking.models import Consortium, ConsortiumSeat
from matchmaking.queries.consortia import consortia_of_events
from matchmaking.queries.market import are_apart, eligible
from matchmaking.rules.profiles import MOST_FORMS
from matchmaking.vocabulary import (
    MOST_PARTNERS,
    MOST_PROPOSED,
    PROJECT_TITLE,
    ConsortiumState,
    Cooperation,
    Said,
)
from members.models import Member
from moderation.access import apart_among


def propose_consortium(
    *,
    actor: Member,
    organisation_id: int,
    title: str,
    member_ids: Collection[int],
    needs: Collection[str],
) -> Written:
    """Propose a team that one's organisation would lead; each of the others is asked.

    Raises:
        NotFound: `not_found`, no such organisation.
        Forbidden: `forbidden`, the actor has no role in it.
        Invalid: `invalid`, no title, nobody or too many, unknown needs, or two of the others are
            never in one team.
        Conflict: `suggestion.gone`, one of them does not look for partners now;
            `consortium.too_many`, five of its proposals wait.
    """
    lead = answering_for(actor, organisation_id)
    title = clean_text(" ".join(title.split()), PROJECT_TITLE, field="title")
    others = sorted(set(member_ids) - {organisation_id})
    wrong: dict[str, list[str]] = {}
    if not title:
        wrong["title"] = [_("Give it a title.")]
    if not 1 <= len(others) < MOST_PARTNERS:
        wrong["members"] = [_("Choose between 1 and 19 partners.")]
    if len(needs) > MOST_FORMS or not set(needs) <= set(Cooperation.values):
        wrong["needs"] = [_("One of these is not known.")]
    if wrong:
        raise Invalid(fields=wrong)
    waiting = Consortium.objects.select_for_update().filter(lead=lead).waiting()
    if len(waiting) >= MOST_PROPOSED:
        raise Conflict(
            code="consortium.too_many",
            detail=_("Five of your proposals wait for answers. Give one of them up first."),
        )
    rows = eligible(organisation_id, others)
    if set(others) - rows.keys():
        raise Conflict(
            code="suggestion.gone",
            detail=_("One of these does not look for partners any more."),
        )
    prefetch_related_objects(list(rows.values()), "choices")
    contacts = [row.contact_id for row in rows.values() if row.contact_id is not None]
    # Whichever it is, the answer is the same: a block is not told from an excluded country.
    if apart_among(contacts) or any(starmap(are_apart, combinations(rows.values(), 2))):
        raise Invalid(fields={"members": [_("Not all of these can be in one team.")]})
    row = Consortium.objects.create(lead=lead, title=title, needs=list(dict.fromkeys(needs)))
    ConsortiumSeat.objects.bulk_create(
        ConsortiumSeat(
            consortium=row,
            organisation_id=pk,
            said=Said.YES if pk == organisation_id else Said.NOTHING,
            by=actor if pk == organisation_id else None,
        )
        for pk in sorted([organisation_id, *others])
    )
    tell_consortium(actor, row)
    return Written(row)


def answer_consortium(
    *, actor: Member, consortium_id: int, organisation_id: int, yes: bool
) -> Written:
    """Say yes or no to a consortium that waits; the same again changes nothing, a no is silent.

    Raises:
        NotFound: `not_found`, no such consortium of this organisation.
        Forbidden: `forbidden`, the actor has no role in it.
        Conflict: `consortium.over`, it ran out, was given up, or all agreed and this is a no;
            or the lead would say no to its own.
    """
    answering_for(actor, organisation_id)
    row = _locked(consortium_for(organisation_id, consortium_id))
    seat = ConsortiumSeat.objects.get(consortium=row, organisation=organisation_id)
    said = Said.YES if yes else Said.NO
    if seat.said == said:
        return Written(row)
    if row.state_now != ConsortiumState.PROPOSED or row.lead_id == organisation_id:
        raise over()
    seat.said, seat.by = said, actor if yes else None
    was_yes = ConsortiumSeat.objects.filter(pk=seat.pk, said=Said.YES).exists()
    seat.save(update_fields=["said", "by"])
    if not ConsortiumSeat.objects.filter(consortium=row).exclude(said=Said.YES).exists():
        row.state = ConsortiumState.AGREED
        row.save(update_fields=["state"])
    # A no is told to nobody else, unless a yes is taken back, which the count shows.
    is_silent = not yes and not was_yes
    tell_consortium(actor, row, only=organisation_id if is_silent else None)
    return Written(row)


def close_consortium(*, actor: Member, consortium_id: int, organisation_id: int) -> Written:
    """Give up a consortium that one's organisation proposed.

    Raises:
        NotFound: `not_found`, no such consortium of this organisation.
        Forbidden: `forbidden`, the actor has no role in it, or another leads it.
    """
    answering_for(actor, organisation_id)
    row = _locked(led_consortium_for(organisation_id, consortium_id))
    row.state = ConsortiumState.CLOSED
    row.save(update_fields=["state"])
    tell_consortium(actor, row)
    return Written(row)


def over() -> Conflict:
    """The refusal of a consortium that waits no longer."""
    return Conflict(
        code="consortium.over", detail=_("This consortium no longer waits for answers.")
    )


def _locked(row: Consortium) -> Consortium:
    return Consortium.objects.select_for_update().get(pk=row.pk)


def tell_consortium(actor: Member, row: Consortium, *, only: int | None = None) -> None:
    """Say to the own people of its organisations, or of one, how a consortium is now."""
    houses = [only] if only else list(row.seats.values_list("organisation_id", flat=True))
    people = own_people_of(houses)
    told = [(member, house) for house in houses for member in sorted(people[house])]
    current().lock([f"member:{member}" for member, _house in told], make=True)
    states = consortia_of_events([(row.pk, house) for house in houses])
    for member, house in told:
        append(
            topic=f"member:{member}",
            event="consortium.changed",
            # Who acted elsewhere is not said before all agreed.
            actor=actor if row.state == ConsortiumState.AGREED else None,
            subject=row,
            data={"organisation": house, "member": member},
            fresh=partial(ConsortiumChanged, consortium=states[row.pk, house]),
        )
