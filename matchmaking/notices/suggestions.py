"""Notices of suggestions, introductions and the time of matching profiles.

What a notice says is read when it is shown: one about suggestions that were answered, or about an
introduction that its reader may no longer answer, says nothing any more. Of a no nobody is told.
"""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from base.clock import now
from matchmaking.access.profiles import counting, keepers_of, own_people_of
from matchmaking.events.suggestions import IntroductionNow
from matchmaking.models import Introduction, MatchingProfile, Suggestion
from matchmaking.notices.sides import drafts_of_sides
from matchmaking.queries.introductions import introductions_of_events
from matchmaking.queries.profiles import profiles_by_id
from matchmaking.vocabulary import IntroductionState
from notices.kinds import Draft, Facts, Kind, register_kind
from notices.models import Notice
from notices.vocabulary import Way

SUGGESTIONS = "matchmaking.suggestions"
INTRODUCTION = "matchmaking.introduction"
PROFILE = "matchmaking.profile"
MEETING, OPENED, HOW = "meeting", "opened", "how"


def drafts_of_suggestions(rows: Collection[Suggestion]) -> list[Draft]:
    """Whom new suggestions concern: of several in a day there is one notice. One query."""
    people = own_people_of({row.profile_id for row in rows})
    return [
        Draft(
            member_id=member,
            kind=SUGGESTIONS,
            key=f"suggestions:{row.profile_id}:{row.made_at.date().isoformat()}",
            group=f"suggestions:{row.profile_id}",
            subject=row.profile_id,
            at=row.made_at,
        )
        for row in rows
        for member in sorted(people[row.profile_id])
    ]


def drafts_of_introductions(sides: Iterable[tuple[int, int]], what: str) -> list[Draft]:
    """What own people are told of introductions, each by its id and the side's. One query.

    Args:
        sides: Ids of introductions, each with the organisation whose people are told.
        what: `meeting`, `opened` or `how`.
    """
    # How it goes is asked again; all else is said once.
    again = f":{now().date().isoformat()}" if what == HOW else ""
    said = dict.fromkeys(sides, what)
    return drafts_of_sides(INTRODUCTION, "introduction", said, again=again)


def drafts_of_ends(profiles: Collection[MatchingProfile]) -> list[Draft]:
    """Whom the coming end of matching profiles concerns. Two queries."""
    people = keepers_of([row.pk for row in profiles])
    return [
        Draft(
            member_id=member,
            kind=PROFILE,
            key=f"profile:{row.pk}:{row.expires_at.date().isoformat()}",
            group=f"profile:{row.pk}",
            subject=row.pk,
            at=now(),
        )
        for row in profiles
        for member in sorted(people[row.pk])
    ]


def facts_of_suggestions(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """Whether suggestions wait, for those who still may answer them. Four queries.

    Only those count that may still be made: both profiles do.
    """
    houses = {notice.subject for notice in notices}
    people, profiles = own_people_of(houses), profiles_by_id(houses)
    own = counting().filter(pk__in=houses).values("pk")
    waiting = Suggestion.objects.filter(profile__in=own, other__in=counting().values("pk")).open()
    counts = dict(waiting.values_list("profile").annotate(total=Count("pk")))
    found: list[Facts | None] = []
    for notice in notices:
        profile = profiles.get(notice.subject)
        if profile is None or notice.member_id not in people[notice.subject]:
            found.append(None)
            continue
        found.append(
            Facts(
                url=reverse("matchmaking:suggestions_of", args=[notice.subject]),
                place=profile.organisation.name,
                is_seen=not counts.get(notice.subject),
            )
        )
    return found


def facts_of_introductions(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What introductions are now, as the reader's side may know them. Two queries."""
    keys = [(notice.subject, notice.data["organisation"]) for notice in notices]
    people = own_people_of({organisation for _, organisation in keys})
    known = introductions_of_events(set(keys))
    return [
        _facts(known[key], notice.data["what"])
        if key in known and notice.member_id in people[key[1]]
        else None
        for notice, key in zip(notices, keys, strict=True)
    ]


def _facts(now_seen: IntroductionNow, what: str) -> Facts | None:
    address = reverse("matchmaking:introductions", args=[now_seen.organisation])
    if not (now_seen.is_mine_to_answer if what == MEETING else now_seen.channel is not None):
        return None
    if what == OPENED and now_seen.channel is not None:
        address = reverse("chat:channel", args=[now_seen.channel])
    return Facts(
        url=address,
        place=now_seen.other.name,
        state=what,
        is_seen=now_seen.state == IntroductionState.CLOSED,
    )


def facts_of_ends(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """Whose profiles end, for those who still keep them. Four queries."""
    houses = {notice.subject for notice in notices}
    people, profiles = keepers_of(houses), profiles_by_id(houses)
    found: list[Facts | None] = []
    for notice in notices:
        profile = profiles.get(notice.subject)
        keeps = notice.member_id in people[notice.subject]
        found.append(
            Facts(
                url=reverse("matchmaking:profile", args=[notice.subject]) + "#time",
                place=profile.organisation.name,
                is_seen=profile.reminded_at is None,
            )
            if profile is not None and keeps
            else None
        )
    return found


def _say_suggestions(facts: Sequence[Facts]) -> str:
    text = _("There are new suggestions of partners for %(organisation)s")
    return text % {"organisation": facts[0].place}


_SAID = {
    MEETING: gettext_lazy("%(organisation)s would be a partner to meet: please answer"),
    OPENED: gettext_lazy("You and %(organisation)s want to meet: talk to each other"),
    HOW: gettext_lazy("How does it go with %(organisation)s? One click tells"),
}


def _say_introduction(facts: Sequence[Facts]) -> str:
    return str(_SAID[facts[0].state]) % {"organisation": facts[0].place}


def _say_ends(facts: Sequence[Facts]) -> str:
    if len(facts) == 1:
        text = _("The matching profile of %(organisation)s ends soon: one click renews it")
        return text % {"organisation": facts[0].place}
    return ngettext(
        "%(total)s matching profile ends soon", "%(total)s matching profiles end soon", len(facts)
    ) % {"total": len(facts)}


def introduced(row: Introduction) -> list[tuple[int, int]]:
    """Return both sides of an introduction, as `drafts_of_introductions` takes them."""
    return [(row.pk, row.first_id), (row.pk, row.second_id)]


register_kind(
    Kind(
        name=SUGGESTIONS,
        label=gettext_lazy("New suggestions of partners"),
        icon="handshake",
        facts=facts_of_suggestions,
        say=_say_suggestions,
        defaults=frozenset({Way.PAGE, Way.DIGEST}),
    )
)
register_kind(
    Kind(
        name=INTRODUCTION,
        label=gettext_lazy("Introductions"),
        icon="handshake",
        facts=facts_of_introductions,
        say=_say_introduction,
        defaults=frozenset({Way.PAGE, Way.MAIL, Way.PUSH}),
    )
)
register_kind(
    Kind(
        name=PROFILE,
        label=gettext_lazy("End of our matching profile"),
        icon="clock",
        facts=facts_of_ends,
        say=_say_ends,
        defaults=frozenset({Way.PAGE, Way.MAIL}),
    )
)
