"""The directory: people and organisations, filtered, and how many each further choice would find.

Filters combine: choices of one filter widen what it lets through, filters narrow each other. The
count of an option is taken under all *other* filters, so it says what choosing it would show.
Countries and kinds of organisation are few, so one reading by both gives the counts of either and
the total.
People are found by what every member may see of them and by nothing else: a field for fewer is
neither searched nor counted. All of it takes a constant number of queries.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Substr

from base.countries import country_name
from base.languages import active_locale, language_name, sort_key
from members.access.organisations import visible_organisations
from members.access.people import Actor, is_member
from members.consent import QUESTIONS
from members.models.consents import Consent, counts_for
from members.models.organisations import Organisation, OrganisationLanguage, OrganisationSector
from members.models.people import (
    Member,
    MemberQuerySet,
    is_full_member,
    is_listed,
    unverified_addresses,
)
from members.models.profiles import ProfileSector, SpokenLanguage
from members.sectors import in_order, sector_label, sectors
from members.vocabulary import Audience, OrganisationKind, Purpose
from search.words import fold

MOST_WORDS = 8
MOST_CHOICES = 100
HEAD_LENGTH = 3
PAIR = ("country", "kind")
OPEN = (Audience.EVERYONE, Audience.MEMBERS)
Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Asked:
    """What somebody looks for.

    Attributes:
        words: Each must stand in what is searched, in whatever case, with accents or without.
        country: ISO 3166-1 alpha-2.
        sector: Codes; a sector finds its sub-sectors.
        kind: Of the organisation.
        language: BCP 47 tags.
        region: NUTS codes, of organisations only; regions within them count too.
    """

    words: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    region: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True)
class Option:
    """One choice of a filter and how many it would find."""

    value: str
    label: str
    total: int
    is_chosen: bool
    is_part: bool = False


@dataclass(frozen=True)
class Facet:
    """A filter with its options, sorted as the reader's language has it; sectors in their order."""

    name: str
    options: list[Option] = field(default_factory=list)

    @property
    def is_chosen(self) -> bool:
        """Whether anything of it is chosen."""
        return any(option.is_chosen for option in self.options)


@dataclass(frozen=True)
class Narrowing:
    """How many were found, and the filters by country, kind, sector and language."""

    total: int
    facets: list[Facet]


def asked_for(text: str, chosen: Mapping[str, Iterable[str]]) -> Asked:
    """Return what a reader asks for, bounded; values that mean nothing find nothing."""
    # PostgreSQL knows no NUL, and nothing that is stored has one.
    return Asked(
        words=tuple(text.replace("\x00", "").split()[:MOST_WORDS]),
        **{
            name: tuple(dict.fromkeys(filter(None, (v.replace("\x00", "") for v in values))))[
                :MOST_CHOICES
            ]
            for name, values in chosen.items()
        },
    )


def found_organisations(actor: Actor, asked: Asked) -> QuerySet[Organisation]:
    """Return the organisations that the actor may see and asks for, by name."""
    conditions = _organisation_conditions(asked)
    found = _under(visible_organisations(actor), conditions)
    return found.order_by("folded", "id")


def found_members(actor: Actor, asked: Asked) -> MemberQuerySet:
    """Return the members of the directory whom the actor asks for, by name.

    Who did not consent to the directory is in it for nobody, staff included.
    """
    return _under(_listed(actor), _person_conditions(asked)).order_by("name", "id")


def listed_members(actor: Actor, *, search: str = "", country: str = "") -> MemberQuerySet:
    """Return the members of the directory, by name, organisations loaded."""
    return found_members(actor, asked_for(search, {"country": [country]}))


def organisation_facets(actor: Actor, asked: Asked) -> Narrowing:
    """Return the filters of organisations with their counts. Three queries, four with a sector."""
    conditions = _organisation_conditions(asked)
    base = visible_organisations(actor)
    whole = is_member(actor)

    def within(rows: QuerySet[Any], own: str) -> QuerySet[Any]:
        """Rows of the organisations that all other filters let through."""
        others = _without(conditions, own)
        if whole and not others:
            return rows
        return rows.filter(organisation__in=_under(base, others).values("pk"))

    pairs = _pairs(_under(base, _without(conditions, *PAIR)), F("country"), F("kind"))
    sectors_of = within(OrganisationSector.objects.all(), "sector")
    languages = within(OrganisationLanguage.objects.all(), "language")
    return _narrowing(asked, pairs, (sectors_of, "organisation"), languages)


def member_facets(actor: Actor, asked: Asked) -> Narrowing:
    """Return the filters of people with their counts. Three queries, four with a sector."""
    conditions = _person_conditions(asked)
    base = Member.objects.filter(_counts()) if is_member(actor) else Member.objects.none()

    def within(rows: QuerySet[Any], own: str) -> QuerySet[Any]:
        """Rows of the members that all other filters let through and who show this field."""
        others = _without(conditions, own)
        if is_member(actor) and not others:
            # Those whom it leaves out are fewer, and the rows come in the order of their index.
            left_out = Member.objects.filter(~(_counts() & is_open(_FIELDS[own])))
            return rows.exclude(member__in=left_out.values("pk"))
        found = _under(base, others).filter(is_open(_FIELDS[own]))
        return rows.filter(member__in=found.values("pk"))

    pairs = _pairs(
        _under(base, _without(conditions, *PAIR)),
        _shown("country", "country"),
        _shown("kind", "organisation__kind"),
    )
    interests = within(ProfileSector.objects.all(), "sector")
    languages = within(SpokenLanguage.objects.all(), "language")
    return _narrowing(asked, pairs, (interests, "member"), languages)


_FIELDS = {
    "country": "country", "kind": "organisation", "sector": "interests", "language": "languages",
}  # fmt: skip
"""The field of a profile that each filter of people looks at."""


def _listed(actor: Actor) -> MemberQuerySet:
    """Everybody in the directory: what `visible_members` says for each, said once for all.

    There is one standing consent per member and purpose, so joining it doubles nobody. Each
    member is asked in turn, so that the first of them in order are found soon.
    """
    members = Member.objects.select_related("organisation")
    if not is_member(actor):
        return members.none()
    purpose = Purpose.DIRECTORY
    return members.filter(
        is_listed(),
        is_open("name"),
        consents__purpose=purpose,
        consents__withdrawn_at=None,
        consents__version__gte=QUESTIONS[purpose].least,
    )


def _counts() -> Q:
    """Whether a member is in the directory, as `_listed` has it: for counting all of them.

    Sets that are read once instead of asking of each.
    """
    consenting = Consent.objects.filter(counts_for(Purpose.DIRECTORY))
    return (
        is_full_member()
        & ~Q(pk__in=unverified_addresses().values("user"))
        & is_open("name")
        & Q(pk__in=consenting.values("member"))
    )


def is_open(name: str) -> Q:
    """Whether every member sees this field; without a row each field is for members."""
    return Q(profile=None) | Q(**{f"profile__{name}_audience__in": OPEN})


def _shown(name: str, column: str) -> Case:
    """A column that reads as empty where not every member may see the field that it is of."""
    return Case(
        When(is_open(_FIELDS[name]), then=F(column)),
        default=Value(""),
        output_field=CharField(),
    )


def _organisation_conditions(asked: Asked) -> dict[str, Q]:
    """What each filter demands of an organisation; filters without a choice are left out."""
    found: dict[str, Q] = {}
    if asked.words:
        found["words"] = _all_words(asked.words, lambda word: Q(folded__contains=fold(word)))
    if asked.country:
        found["country"] = Q(country__in=asked.country)
    if asked.kind:
        found["kind"] = Q(kind__in=asked.kind)
    if asked.region:
        regions = Q()
        for code in asked.region:
            regions |= Q(region__startswith=code)
        found["region"] = regions
    if asked.sector:
        rows = OrganisationSector.objects.filter(code__in=with_parts(asked.sector))
        found["sector"] = Q(pk__in=rows.values("organisation"))
    if asked.language:
        spoken = OrganisationLanguage.objects.filter(language__in=asked.language)
        found["language"] = Q(pk__in=spoken.values("organisation"))
    return found


def _person_conditions(asked: Asked) -> dict[str, Q]:
    """What each filter demands of a member, by what every member may see of them."""
    found: dict[str, Q] = {}
    if asked.words:
        found["words"] = _all_words(asked.words, _word_of_person)
    if asked.country:
        found["country"] = Q(country__in=asked.country) & is_open("country")
    if asked.kind:
        found["kind"] = Q(organisation__kind__in=asked.kind) & is_open("organisation")
    if asked.sector:
        rows = ProfileSector.objects.filter(
            code__in=with_parts(asked.sector), member=OuterRef("pk")
        )
        found["sector"] = Q(Exists(rows)) & is_open("interests")
    if asked.language:
        spoken = SpokenLanguage.objects.filter(language__in=asked.language, member=OuterRef("pk"))
        found["language"] = Q(Exists(spoken)) & is_open("languages")
    return found


def _word_of_person(word: str) -> Q:
    said = fold(word)
    return (
        Q(folded__contains=said)
        | (Q(organisation__folded__contains=said) & is_open("organisation"))
        | (Q(profile__folded__contains=said) & Q(profile__interests_audience__in=OPEN))
    )


def _all_words(words: Iterable[str], condition: Any) -> Q:
    found = Q()
    for word in words:
        found &= condition(word)
    return found


def with_parts(codes: Iterable[str]) -> list[str]:
    """Return these sectors' codes and those of their sub-sectors."""
    wanted = set(codes)
    return [each.code for each in sectors().values() if {each.code, each.parent} & wanted]


def _under(rows: Rows, conditions: Mapping[str, Q]) -> Rows:
    for condition in conditions.values():
        rows = rows.filter(condition)
    return rows


def _without(conditions: Mapping[str, Q], *names: str) -> dict[str, Q]:
    return {name: q for name, q in conditions.items() if name not in names}


def _pairs(
    rows: QuerySet[Any], country: Combinable, kind: Combinable
) -> dict[tuple[str, str], int]:
    """How many there are of each country and kind; what is hidden or unsaid counts as empty."""
    counted = rows.order_by().annotate(shown_country=country, shown_kind=kind)
    totals = counted.values_list("shown_country", "shown_kind").annotate(total=Count("pk"))
    return {(place, what or ""): total for place, what, total in totals}


def _by_rows(rows: QuerySet[Any], column: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(column).annotate(total=Count("pk")))


def _narrowing(
    asked: Asked,
    pairs: Mapping[tuple[str, str], int],
    sector_rows: tuple[QuerySet[Any], str],
    language_rows: QuerySet[Any],
) -> Narrowing:
    """The filters, from the pairs under the filters beside country and kind, and other rows."""
    countries: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    found = 0
    for (country, kind), total in pairs.items():
        in_country = not asked.country or country in asked.country
        of_kind = not asked.kind or kind in asked.kind
        found += total if in_country and of_kind else 0
        if country and of_kind:
            countries[country] += total
        if kind and in_country:
            kinds[kind] += total
    return Narrowing(
        found,
        [
            _facet("country", asked.country, countries),
            _facet("kind", asked.kind, kinds),
            _sector_facet(asked.sector, *sector_rows),
            _facet("language", asked.language, _by_rows(language_rows, "language")),
        ],
    )


_LABELS = {"country": country_name, "language": language_name}


def _label(name: str, value: str) -> str:
    if name == "kind":
        known = value in OrganisationKind.values
        return str(OrganisationKind(value).label) if known else value
    return _LABELS[name](value)


def _facet(name: str, chosen: Iterable[str], totals: Mapping[str, int]) -> Facet:
    locale = active_locale()
    options = [
        Option(value, _label(name, value), totals.get(value, 0), value in set(chosen))
        for value in {**dict.fromkeys(chosen, 0), **totals}
    ]
    return Facet(name, sorted(options, key=lambda option: sort_key(option.label, locale)))


def _sector_facet(chosen: Iterable[str], rows: QuerySet[Any], whose: str) -> Facet:
    """Sectors with their counts, and sub-sectors where their sector is chosen. Two queries."""
    wanted, known = set(chosen), sectors()
    heads = rows.order_by().values_list(Substr("code", 1, HEAD_LENGTH))
    totals = dict(heads.annotate(total=Count(whose, distinct=True)))
    unfolded = {known[code].parent or code for code in wanted if code in known}
    parts = [code for code, each in known.items() if each.parent in unfolded]
    totals |= _by_rows(rows.filter(code__in=parts), "code")
    options = [
        Option(
            code,
            sector_label(code),
            totals.get(code, 0),
            code in wanted,
            code in known and bool(known[code].parent),
        )
        for code in in_order({*totals, *wanted})
    ]
    return Facet("sector", options)
