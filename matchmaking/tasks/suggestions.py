"""Background work of suggestions: looked for daily, let go, asked about, brought up to date."""

import time
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from base.clock import now
from jobs.following import Change, following
from jobs.periodic import periodic
from live.units import unit
from matchmaking.access.profiles import counting
from matchmaking.actions.introductions import close_overdue
from matchmaking.actions.profiles import market_changed
from matchmaking.actions.suggestions import ASKED, bring_back, suggest_now
from matchmaking.actions.telling import retell_suggestions
from matchmaking.models import Introduction, MatchingProfile, Suggestion
from matchmaking.notices.suggestions import (
    HOW,
    MEETING,
    OPENED,
    drafts_of_ends,
    drafts_of_introductions,
    drafts_of_suggestions,
    introduced,
)
from matchmaking.vocabulary import (
    ASKED_AFTER,
    REMINDED_BEFORE,
    RUNNING,
    WAITING,
    Answer,
    IntroductionState,
)
from members.models import Accompaniment
from notices.actions.telling import tell

LOOKED_EVERY: Final = timedelta(days=1)
BUDGET_S: Final = 5.0
AT_ONCE: Final = 50


def _due() -> QuerySet[MatchingProfile]:
    """Those for whom it is time to look, the longest waiting first."""
    rows = counting().filter(Q(suggested_at=None) | Q(suggested_at__lt=now() - LOOKED_EVERY))
    return rows.order_by(F("suggested_at").asc(nulls_first=True), "pk")


def _is_due() -> bool:
    return _due().exists()


@periodic(
    name="matchmaking.suggest",
    every=timedelta(seconds=1),
    lease=timedelta(minutes=2),
    needed=_is_due,
)
def suggest() -> None:
    """Look for suggestions for those who wait longest, for a few seconds."""
    started = time.monotonic()
    while ids := list(_due().values_list("pk", flat=True)[:AT_ONCE]):
        for pk in ids:
            tell_of(suggest_now(organisation_id=pk))
            if time.monotonic() - started > BUDGET_S:
                return


def tell_of(rows: Collection[Suggestion]) -> None:
    """Tell an organisation's people of new suggestions, and of who would like to meet them."""
    drafts = drafts_of_suggestions([row for row in rows if row.place != ASKED])
    wishes = [row for row in rows if row.place == ASKED]
    sides = Q(pk__in=())
    for row in wishes:
        first, second = sorted((row.profile_id, row.other_id))
        sides |= Q(first=first, second=second)
    found = Introduction.objects.filter(sides).going_on() if wishes else ()
    asked = {row.profile_id for row in wishes}
    both = [side for row in found for side in introduced(row) if side[1] in asked]
    tell([*drafts, *drafts_of_introductions(both, MEETING)])


def _is_back() -> bool:
    put_off = Suggestion.objects.filter(answer=Answer.LATER, until__lte=now(), lapsed_at=None)
    return put_off.exists()


@periodic(name="matchmaking.again", every=timedelta(minutes=1), needed=_is_back)
def again() -> None:
    """Bring back what was put off until now, and tell whom it is for."""
    while True:
        with unit():
            found = bring_back(at_most=AT_ONCE)
        tell(drafts_of_suggestions(found))
        if len(found) < AT_ONCE:
            return


def _is_overdue() -> bool:
    waiting = [state.value for state in WAITING]
    return Introduction.objects.filter(state__in=waiting, answer_by__lte=now()).exists()


@periodic(name="matchmaking.close", every=timedelta(minutes=1), needed=_is_overdue)
def close() -> None:
    """Close introductions that ran out; nobody is blamed, and nobody is told why."""
    while True:
        with unit():
            if close_overdue(at_most=AT_ONCE) < AT_ONCE:
                return


@following(
    name="matchmaking.market",
    kinds=("member",),
    events=(
        "consent.changed", "roles.changed", "accompaniment.changed",
        "member.blocked", "member.unblocked",
    ),
    from_now=True,
)  # fmt: skip
def follow(changes: Sequence[Change]) -> None:
    """Bring profiles up to date whose contact consented, or may act for them, or not any more.

    To whom they were suggested is told, also after a block: a suggestion is gone, or back.
    """
    people = {each.number for each in changes}
    accompanied = {
        each.subject
        for each in changes
        if each.event == "accompaniment.changed" and each.subject is not None
    }
    houses = Accompaniment.objects.filter(pk__in=accompanied).values("organisation")
    rows = MatchingProfile.objects.filter(Q(contact__in=people) | Q(pk__in=houses))
    ids = sorted(rows.values_list("pk", flat=True))
    if ids:
        with unit():
            retell_suggestions(ids)
            market_changed(organisation_ids=ids)


@following(
    name="matchmaking.introductions",
    kinds=("member",),
    events=("introduction.changed",),
    from_now=True,
)
def follow_introductions(changes: Sequence[Change]) -> None:
    """Tell both sides of what opened, and those whom an intermediary proposed to each other."""
    rows = Introduction.objects.filter(pk__in={each.subject for each in changes if each.subject})
    opened = [row for row in rows if row.state == IntroductionState.OPEN]
    proposed = [row for row in rows.exclude(intermediary=None) if row.state in WAITING]
    tell(
        [
            *drafts_of_introductions([s for row in opened for s in introduced(row)], OPENED),
            *drafts_of_introductions([s for row in proposed for s in introduced(row)], MEETING),
        ]
    )


@periodic(name="matchmaking.ask", every=timedelta(hours=1))
def ask() -> None:
    """Ask both sides how it goes where nothing was said for a month."""
    late = now() - ASKED_AFTER
    rows = Introduction.objects.filter(
        Q(asked_at=None) | Q(asked_at__lt=late),
        state__in=[state.value for state in RUNNING],
        changed_at__lt=late,
    )
    while found := list(rows.order_by("pk")[:AT_ONCE]):
        tell(drafts_of_introductions([s for row in found for s in introduced(row)], HOW))
        Introduction.objects.filter(pk__in=[row.pk for row in found]).update(asked_at=now())


@periodic(name="matchmaking.remind", every=timedelta(hours=1))
def remind() -> None:
    """Remind of matching profiles that end within a week, once for each end."""
    rows = MatchingProfile.objects.lasting().filter(
        reminded_at=None, expires_at__lt=now() + REMINDED_BEFORE
    )
    while found := list(rows.order_by("pk")[:AT_ONCE]):
        tell(drafts_of_ends(found))
        MatchingProfile.objects.filter(pk__in=[row.pk for row in found]).update(reminded_at=now())
