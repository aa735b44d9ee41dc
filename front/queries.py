"""Reads of the front app: texts in the best language, partners, the library, steps to go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from django.db.models import Count, QuerySet

from base.countries import country_name
from base.languages import active_locale, language_name, sort_key
from front.models import Partner, Result, SiteText, StepTaken
from front.steps import Step, all_steps
from front.vocabulary import Axis, ResultKind, TextKind
from members.models import Member
from members.sectors import sector_label

STEPS_OFFERED = 3
LONGEST = 16


def site_text(kind: TextKind, language: str = "") -> SiteText | None:
    """What the operator says there, None where nothing was written. One query.

    In this language (default: the active one), else in English, else in any.
    """
    found = {text.language: text for text in SiteText.objects.filter(kind=kind)}
    for wanted in (language or active_locale(), "en", *sorted(found)):
        if wanted in found:
            return found[wanted]
    return None


def written_texts() -> dict[tuple[str, str], SiteText]:
    """All texts by kind and language. One query."""
    return {(text.kind, text.language): text for text in SiteText.objects.all()}


def partners() -> list[Partner]:
    """The partners with their organisations, the lead first. One query."""
    return list(Partner.objects.select_related("organisation"))


def newest_results(most: int) -> list[Result]:
    """The newest results, at most so many, with their labels. Two queries."""
    return list(Result.objects.prefetch_related("labels")[:most])


@dataclass(frozen=True)
class ResultFilter:
    """What a reader of the library looks for; empty means any."""

    kind: str = ""
    theme: str = ""
    country: str = ""
    language: str = ""


def asked_results(asked: Mapping[str, str]) -> ResultFilter:
    """What an address asks of the library, bounded; what means nothing finds nothing."""
    names = [each.name for each in fields(ResultFilter)]
    # PostgreSQL knows no NUL, and nothing that is stored has one.
    return ResultFilter(**{name: asked.get(name, "").replace("\0", "")[:LONGEST] for name in names})


@dataclass(frozen=True)
class Option:
    """One choice of a filter, and how many results it would leave."""

    code: str
    label: str
    total: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """One filter with its options by name."""

    name: str
    options: Sequence[Option] = field(default=())


def found_results(wanted: ResultFilter) -> QuerySet[Result]:
    """The results that fit, newest first."""
    return _fitting(wanted).prefetch_related("labels")


def _fitting(wanted: ResultFilter, *, without: str = "") -> QuerySet[Result]:
    found = Result.objects.all()
    if wanted.kind and without != "kind":
        found = found.filter(kind=wanted.kind)
    if wanted.language and without != "language":
        found = found.filter(language=wanted.language)
    for axis, code in ((Axis.THEME, wanted.theme), (Axis.COUNTRY, wanted.country)):
        if code and without != axis.value:
            found = found.filter(
                pk__in=Result.objects.filter(labels__axis=axis, labels__code=code).values("pk")
            )
    return found


def result_facets(wanted: ResultFilter) -> list[Facet]:
    """The filters, each counted under the others. Four queries."""
    return [
        _facet("kind", wanted, wanted.kind, _by_column(wanted, "kind")),
        _facet("theme", wanted, wanted.theme, _by_label(wanted, Axis.THEME)),
        _facet("country", wanted, wanted.country, _by_label(wanted, Axis.COUNTRY)),
        _facet("language", wanted, wanted.language, _by_column(wanted, "language")),
    ]


def _by_column(wanted: ResultFilter, column: str) -> dict[str, int]:
    rows = _fitting(wanted, without=column).order_by().values_list(column).annotate(Count("pk"))
    return dict(rows)


def _by_label(wanted: ResultFilter, axis: Axis) -> dict[str, int]:
    rows = (
        _fitting(wanted, without=axis.value)
        .order_by()
        .filter(labels__axis=axis)
        .values_list("labels__code")
        .annotate(Count("pk", distinct=True))
    )
    return dict(rows)


def _facet(name: str, wanted: ResultFilter, chosen: str, totals: dict[str, int]) -> Facet:
    if chosen:
        totals.setdefault(chosen, 0)
    locale = active_locale()
    options = [
        Option(code, _label(name, code), total, code == chosen) for code, total in totals.items()
    ]
    return Facet(name, sorted(options, key=lambda option: sort_key(option.label, locale)))


def _label(name: str, code: str) -> str:
    if name == "kind":
        return str(ResultKind(code).label) if code in ResultKind.values else code
    if name == "theme":
        return sector_label(code)
    return country_name(code) if name == "country" else language_name(code)


def steps_to_go(member: Member) -> list[Step]:
    """The first steps that the member has neither done nor skipped.

    One query, and one at most for each step that is looked at.
    """
    taken = set(StepTaken.objects.filter(member=member).values_list("step", flat=True))
    offered: list[Step] = []
    for step in all_steps():
        if step.name not in taken and not step.is_done(member):
            offered.append(step)
        if len(offered) == STEPS_OFFERED:
            break
    return offered
