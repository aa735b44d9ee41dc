"""Figures for organisers: who is seen, who answers, how far it goes, and what other settings do.

All of it is counted over the suggestions and introductions made in a period. Nothing here names an
organisation, and numbers below five are not shown (:mod:`matchmaking.rules.figures`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from base.clock import now
from base.countries import country_name
from matchmaking.access.profiles import counting
from matchmaking.engine.profiles import Cooperation
from matchmaking.engine.whatif import Ask, Exposure, Share, exposure_under
from matchmaking.models import (
    Choice,
    CooperationRequest,
    Introduction,
    RequestAnswer,
    RequestFit,
    Suggestion,
)
from matchmaking.queries.market import read_cooperations, read_profiles
from matchmaking.queries.reasons import listed
from matchmaking.queries.settings import settings_now
from matchmaking.rules.figures import Group, counted, grouped, guarded, quartiles, share_0_1
from matchmaking.vocabulary import Answer, Facet, IntroductionState
from members.sectors import sector_label
from members.vocabulary import SizeClass

PERIODS: Final = (30, 90, 365)
"""Days that can be looked at."""
MOST_TIMES: Final = 20_000
MOST_ASKS: Final = 200
MOST_PROFILES: Final = 3000
HEAD: Final = 3
"""Characters of a sector's code that say the whole."""


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        values: Counts as whole numbers, shares between 0 and 1 as fractions, None for what is too
            small to be shown.
    """

    label: str
    values: tuple[int | float | None, ...]


@dataclass(frozen=True)
class Table:
    """One table of figures.

    Attributes:
        name: Its name in addresses.
        columns: Headings, that of the labels first.
        bars: Which values are drawn as bars, by place.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    bars: tuple[int, ...] = (0, 1)
    note: str = ""


def tables(days: int) -> list[Table]:
    """Return all figures of so many days until now. A constant number of queries."""
    since = now() - timedelta(days=days)
    return [*_exposures(since), _answers(since), _times(since), _funnel(since), _requests(since)]


def _exposures(since: datetime) -> list[Table]:
    """Who is suggested, against who could be: by country, size and sector. Five queries."""
    there = counting().values_list("organisation__country", "organisation__size")
    seen = Suggestion.objects.filter(made_at__gt=since).values_list(
        "other__organisation__country", "other__organisation__size"
    )
    candidates, places = (
        [(country, size, total) for country, size, total in rows.annotate(Count("pk")).order_by()]
        for rows in (there, seen)
    )
    return [
        _exposure("country", _("By country"), _summed(candidates, 0), _summed(places, 0)),
        _exposure("size", _("By size"), _summed(candidates, 1), _summed(places, 1)),
        _by_sector(since),
    ]


def _summed(rows: Collection[tuple[str, str, int]], place: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[str(row[place])] = found.get(str(row[place]), 0) + row[2]
    return found


def _by_sector(since: datetime) -> Table:
    """Who is suggested by sector; an organisation of several counts in each. Three queries."""
    own = Choice.objects.filter(facet=Facet.SECTOR, profile__in=counting().values("pk"))
    sectors: dict[int, list[str]] = {}
    for pk, code in own.values_list("profile_id", "code"):
        sectors.setdefault(pk, []).append(code)
    seen = Suggestion.objects.filter(made_at__gt=since, other__in=counting().values("pk"))
    times = dict(seen.values_list("other").annotate(Count("pk")).order_by())
    candidates = counted(sectors.values(), lambda code: code[:HEAD])
    places: dict[str, int] = {}
    for pk, codes in sectors.items():
        for code in {each[:HEAD] for each in codes}:
            places[code] = places.get(code, 0) + times.get(pk, 0)
    return _exposure("sector", _("By sector"), candidates, places)


_LABELS: Final[Mapping[str, Callable[[str], str]]] = {
    "country": country_name,
    "sector": sector_label,
    "size": lambda code: str(SizeClass(code).label) if code in SizeClass.values else "",
    "standing": lambda code: _("Newcomers") if code == "newcomer" else _("The others"),
}


def _label(name: str, codes: Collection[str]) -> str:
    said = [_LABELS[name](code) or pgettext("size", "Not said") for code in codes]
    return listed(said) if len(said) < 4 else _("Others, each too few")  # noqa: PLR2004 - still read


def _exposure(
    name: str, title: str, candidates: Mapping[str, int], places: Mapping[str, int]
) -> Table:
    groups = grouped(candidates, places)
    whole, seen = sum(candidates.values()), sum(places.values())
    columns = (
        title,
        _("Share of suggestions"),
        _("Share of organisations"),
        _("Seen, against share"),
    )
    rows = [Row(_label(name, group.codes), _shares(group, seen, whole)) for group in groups]
    return Table(
        f"exposure-{name}",
        _("Who is suggested: %(what)s") % {"what": title},
        columns,
        tuple(rows),
        note=_exposure_note(),
    )


def _exposure_note() -> str:
    return _("1.00 means: seen as often as there are such organisations.")


def _shares(group: Group, seen: int, whole: int) -> tuple[float | None, ...]:
    of_places, of_candidates = share_0_1(group.places, seen), share_0_1(group.candidates, whole)
    if of_places is None or not of_candidates:
        return (None, of_candidates, None)
    return (of_places, of_candidates, round(of_places / of_candidates, 2))


def _answers(since: datetime) -> Table:
    """What was said to suggestions. One query."""
    rows = Suggestion.objects.filter(made_at__gt=since).values_list("answer")
    counts = dict.fromkeys(("", *Answer.values), 0)
    counts |= dict(rows.annotate(Count("pk")).order_by())
    whole = sum(counts.values())
    shown = guarded(counts)
    return Table(
        "answers",
        _("What was answered"),
        (_("Answer"), _("Share"), _("Suggestions")),
        tuple(
            Row(
                str(Answer(answer).label) if answer else _("No answer yet"),
                (None if total is None else share_0_1(total, whole), total),
            )
            for answer, total in shown.items()
        ),
        bars=(0,),
    )


def _times(since: datetime) -> Table:
    """How long answers took, of the newest 20,000. Two queries."""
    rows = Suggestion.objects.filter(made_at__gt=since, answered_at__isnull=False)
    asked = rows.order_by("-pk").values_list("made_at", "answered_at")[:MOST_TIMES]
    opened = Introduction.objects.filter(made_at__gt=since, opened_at__isnull=False)
    agreed = opened.order_by("-pk").values_list("made_at", "opened_at")[:MOST_TIMES]
    found = []
    for label, pairs in ((_("From suggestion to answer"), asked), (_("Until both agreed"), agreed)):
        took = (after - before for before, after in pairs if after is not None)
        hours = quartiles(each.total_seconds() / 3600 for each in took)
        found.append(Row(label, tuple(round(each) for each in hours) if hours else (None,) * 3))
    return Table(
        "times",
        _("How long it took, in hours"),
        (_("Step"), _("A quarter within"), _("Half within"), _("Three quarters within")),
        tuple(found),
        bars=(),
    )


def _funnel(since: datetime) -> Table:
    """From suggested to cooperating, of what began in the period. Two queries."""
    shown = Suggestion.objects.filter(made_at__gt=since).aggregate(
        suggested=Count("pk"), interested=Count("pk", filter=Q(answer=Answer.INTERESTED))
    )
    begun = Introduction.objects.filter(made_at__gt=since)
    further = begun.aggregate(
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        met=Count(
            "pk",
            filter=Q(met_at__isnull=False)
            | Q(state__in=(IntroductionState.MET, IntroductionState.COOPERATING)),
        ),
        cooperating=Count("pk", filter=Q(cooperating_at__isnull=False)),
    )
    labels = {
        "suggested": _("Suggested"),
        "interested": _("Of interest to the one who was asked"),
        "opened": _("Both agreed, in conversation"),
        "met": _("Met"),
        "cooperating": _("Cooperating"),
    }
    return _steps("funnel", _("From suggested to cooperating"), labels, shown | further)


def _requests(since: datetime) -> Table:
    """What became of the cooperation requests of the period. Three queries."""
    rows = CooperationRequest.objects.filter(made_at__gt=since)
    counts = {
        "posted": rows.count(),
        "told": RequestFit.objects.filter(told_at__gt=since).count(),
        "answered": RequestAnswer.objects.filter(at__gt=since).count(),
        "met": rows.filter(state="met").count(),
    }
    labels = {
        "posted": _("Requests posted"),
        "told": _("Organisations told of one that fits"),
        "answered": _("Answers"),
        "met": _("Requests with a partner found"),
    }
    return _steps("requests", _("Cooperation requests"), labels, counts, with_share=False)


def _steps(
    name: str,
    title: str,
    labels: Mapping[str, str],
    counts: Mapping[str, int],
    *,
    with_share: bool = True,
) -> Table:
    first = counts[next(iter(labels))]
    shown = guarded(counts)
    rows = []
    for step, label in labels.items():
        total = shown[step]
        part = None if total is None else share_0_1(total, first)
        rows.append(Row(label, (part, total) if with_share else (total,)))
    columns = (_("Step"), _("Share of the first"), _("How many"))
    bars = (0,) if with_share else ()
    head = columns if with_share else (columns[0], columns[2])
    return Table(name, title, head, tuple(rows), bars=bars)


@dataclass(frozen=True)
class Tried:
    """Settings to try: shares between 0 and 1."""

    hub_discount: float
    small_part: float
    newcomer_part: float


def tried_now() -> Tried:
    """Return the settings that hold."""
    held = settings_now()
    return Tried(held.hub_discount, held.small_part, held.newcomer_part)


def what_if(tried: Tried) -> list[Table]:
    """Return who would have been seen in the last 30 days, with the settings as they are and tried.

    At most 200 of those who were suggested somebody ask again, at most 3,000 organisations are
    there, the ones of the lowest ids: the same every time.
    """
    ids = list(counting().order_by("pk").values_list("pk", flat=True)[:MOST_PROFILES])
    profiles = list(read_profiles(ids))
    asks = _asks({each.id for each in profiles})
    cooperations = [Cooperation(key, members) for key, members in read_cooperations().items()]
    held = settings_now()
    other = replace(
        held,
        hub_discount=tried.hub_discount,
        small_part=tried.small_part,
        newcomer_part=tried.newcomer_part,
    )
    before, after = (
        exposure_under(settings, asks, profiles, cooperations) for settings in (held, other)
    )
    found = []
    for name, title in (
        ("country", _("By country")), ("size", _("By size")), ("standing", _("By standing"))
    ):  # fmt: skip
        shares = [getattr(each, f"by_{name}") for each in (before, after)]
        found.append(_compared(name, title, len(profiles), (before, after), shares))
    return found


def _asks(there: Collection[int]) -> list[Ask]:
    """The lists of suggestions of the last 30 days, by profile, each with how many it got."""
    since = now() - timedelta(days=PERIODS[0])
    rows = (
        Suggestion.objects.filter(made_at__gt=since)
        .values_list("profile")
        .annotate(Count("pk"))
        .order_by("profile")
    )
    moment = now().timestamp()
    found = [Ask(pk, total, moment) for pk, total in rows if pk in there]
    return found[:MOST_ASKS]


def _compared(
    name: str,
    title: str,
    total: int,
    exposures: Sequence[Exposure],
    shares: Sequence[Mapping[str, Share]],
) -> Table:
    """Shares of places now and with other settings, of groups that may be shown."""
    candidates = {code: round(each.of_candidates * total) for code, each in shares[0].items()}
    sides = []
    for exposure, side in zip(exposures, shares, strict=True):
        places = {code: round(each.of_places * exposure.places) for code, each in side.items()}
        sides.append(grouped(candidates, places))
    rows = [
        Row(
            _label(name, before.codes),
            (
                share_0_1(before.places, exposures[0].places),
                share_0_1(after.places, exposures[1].places),
                share_0_1(before.candidates, total),
            ),
        )
        for before, after in zip(*sides, strict=True)
    ]
    return Table(
        f"what-if-{name}",
        title,
        (title, _("Suggestions now"), _("With these settings"), _("Share of organisations")),
        tuple(rows),
        bars=(0, 1, 2),
    )
