"""Notices of consortia: one that asks, and one to which all agreed. Of a no nobody is told."""

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy

from base.text import excerpt
from matchmaking.access.profiles import own_people_of
from matchmaking.models import ConsortiumSeat
from matchmaking.notices.sides import drafts_of_sides
from matchmaking.queries.consortia import consortia_of_events
from matchmaking.vocabulary import ConsortiumState, Said
from notices.kinds import Draft, Facts, Kind, register_kind
from notices.models import Notice
from notices.vocabulary import Way

CONSORTIUM = "matchmaking.consortium"
ASKED, AGREED = "asked", "agreed"
EXCERPT = 140


def drafts_of_consortia(consortium_ids: Collection[int]) -> list[Draft]:
    """Whom consortia concern: those who are asked, and all of one that is agreed. Two queries."""
    seats = ConsortiumSeat.objects.filter(consortium__in=consortium_ids).select_related(
        "consortium"
    )
    what = {
        (seat.consortium_id, seat.organisation_id): (
            AGREED if seat.consortium.state == ConsortiumState.AGREED else ASKED
        )
        for seat in seats
        if seat.consortium.state == ConsortiumState.AGREED
        or (seat.consortium.state == ConsortiumState.PROPOSED and seat.said == Said.NOTHING)
    }
    return drafts_of_sides(CONSORTIUM, "consortium", dict(sorted(what.items())))


def facts_of_consortia(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What consortia are now, as the reader's side may know them. Four queries."""
    keys = [(notice.subject, notice.data["organisation"]) for notice in notices]
    people, known = own_people_of({house for _, house in keys}), consortia_of_events(set(keys))
    found: list[Facts | None] = []
    for notice, key in zip(notices, keys, strict=True):
        seen = known.get(key)
        if seen is None or notice.member_id not in people[key[1]] or seen.said == Said.NO:
            found.append(None)
            continue
        found.append(
            Facts(
                url=reverse("matchmaking:consortium", args=[key[1], key[0]]),
                place=seen.lead.name,
                excerpt=excerpt(seen.title, EXCERPT),
                state=notice.data["what"],
                is_seen=notice.data["what"] == ASKED and not seen.is_mine_to_answer,
            )
        )
    return found


_SAID = {
    ASKED: gettext_lazy("%(organisation)s asks you into the consortium “%(title)s”: please answer"),
    AGREED: gettext_lazy("All agreed to the consortium “%(title)s” of %(organisation)s"),
}


def _say(facts: Sequence[Facts]) -> str:
    values = {"organisation": facts[0].place, "title": facts[0].excerpt}
    return str(_SAID[facts[0].state]) % values


register_kind(
    Kind(
        name=CONSORTIUM,
        label=gettext_lazy("Consortia with us"),
        icon="users",
        facts=facts_of_consortia,
        say=_say,
        defaults=frozenset({Way.PAGE, Way.MAIL, Way.PUSH}),
    )
)
