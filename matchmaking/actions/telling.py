"""Telling those whom a change concerns, on their own topics, inside the unit of the change.

Topics are locked before rows of matchmaking: commands have it so by what they concern
(:mod:`matchmaking.live.concerns`), jobs by :func:`lock_topics_of`.
"""

from collections.abc import Collection
from functools import partial

from django.db.models import Q

from live.units import append, current
from matchmaking.access.profiles import keepers_of, own_people_of
from matchmaking.events.profiles import MatchingChanged
from matchmaking.models import Introduction, Suggestion
from matchmaking.queries.introductions import is_known_to, with_sides
from matchmaking.queries.profiles import matching_now
from matchmaking.rules.introductions import Side
from members.models import Member


def lock_topics_of(organisation_ids: Collection[int]) -> None:
    """Lock the topics of organisations' own people, first of all in a unit. At most three queries.

    Who answers for them waits then, instead of holding what this unit wants next.
    """
    people = own_people_of(set(organisation_ids))
    names = {f"member:{member}" for members in people.values() for member in members}
    current().lock(list(names), make=True)


def tell_matching(actor: Member | None, organisation_id: int) -> None:
    """Say to those who hear of an organisation's matching how its profile is now."""
    people = sorted(keepers_of([organisation_id])[organisation_id])
    current().lock([f"member:{pk}" for pk in people], make=True)
    state = matching_now([organisation_id])[organisation_id]
    for pk in people:
        append(
            topic=f"member:{pk}",
            event="matching.changed",
            actor=actor,
            data={"organisation": organisation_id, "member": pk},
            fresh=partial(MatchingChanged, matching=state),
        )


def tell_suggestions(actor: Member | None, pairs: Collection[tuple[int, int]]) -> None:
    """Say to each organisation's own people how these suggestions are now. At most two queries."""
    people = own_people_of({organisation for organisation, _other in pairs})
    told = [
        (member, organisation, other)
        for organisation, other in pairs
        for member in sorted(people[organisation])
    ]
    current().lock([f"member:{member}" for member, *_rest in told], make=True)
    for member, organisation, other in told:
        append(
            topic=f"member:{member}",
            event="suggestion.changed",
            actor=actor,
            data={"organisation": organisation, "other": other, "member": member},
        )


def retell_suggestions(organisation_ids: Collection[int]) -> None:
    """Say anew which suggestions of and to these organisations may still be made.

    For when their profiles come to count, or count no longer; introductions that wait go with it.
    """
    concerned = Q(profile__in=organisation_ids) | Q(other__in=organisation_ids)
    rows = Suggestion.objects.filter(concerned).open().order_by("profile", "other")
    tell_suggestions(None, list(rows.values_list("profile_id", "other_id")))
    sides = Q(first__in=organisation_ids) | Q(second__in=organisation_ids)
    for waiting in Introduction.objects.filter(sides, opened_at=None).going_on().order_by("pk"):
        tell_introduction(None, waiting)


def tell_introduction(actor: Member | None, row: Introduction, *, only: Side | None = None) -> None:
    """Say to the own people of both sides, or of one, how an introduction is now."""
    sides: Collection[int] = (row.first_id, row.second_id)
    if only is not None:
        sides = (row.first_id,) if only == Side.FIRST else (row.second_id,)
    shown = with_sides(Introduction.objects.filter(pk=row.pk)).get()
    sides = [house for house in sides if is_known_to(shown, house)]
    people = own_people_of(sides)
    told = [(member, house) for house in sides for member in sorted(people[house])]
    current().lock([f"member:{member}" for member, _house in told], make=True)
    for member, house in told:
        append(
            topic=f"member:{member}",
            event="introduction.changed",
            # Who acted on the other side is not said before both agreed.
            actor=actor if row.opened_at else None,
            subject=row,
            data={"organisation": house, "member": member},
        )
    if only is None:
        _tell_who_wishes(row)


def _tell_who_wishes(row: Introduction) -> None:
    """Where one of both was suggested to the other, say again whether it would like to meet."""
    pairs = Q(profile=row.first_id, other=row.second_id)
    pairs |= Q(profile=row.second_id, other=row.first_id)
    rows = Suggestion.objects.filter(pairs, lapsed_at=None)
    tell_suggestions(None, list(rows.order_by("profile").values_list("profile_id", "other_id")))
