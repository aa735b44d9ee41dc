"""The query language: words, "phrases", -not, word*, and filters such as ``from:anna``.

Invariants: every text is a query or a refusal that says what is wrong with it; what is no known
filter (``https://…``, ``re:mind``) is words. No Django but its translations.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from base.errors import Invalid
from base.languages import is_language_tag
from search.vocabulary import FILTERS, HAS, MAX_QUERY, MAX_TERMS
from search.words import Wanted, fold, words

# A sign, a filter's name, and a quoted or a bare value.
_PART: Final = re.compile(
    r'(?P<sign>-?)(?:(?P<name>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))'
)
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_Text = str | Promise


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words that stand together in this order.

    Attributes:
        text: As it was typed; there is at least one word in it.
        is_prefix: The last word may go on.
        is_negated: Texts with it are left out.
    """

    text: str
    is_prefix: bool = False
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; all parts of it at once, any of several people, places or languages.

    Attributes:
        authors: Names, or ``me``.
        places: Names of rooms and the like; ``place_ids`` are ids of them.
        since: First day.
        until: First day that is too late.
    """

    terms: tuple[Term, ...] = ()
    authors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    place_ids: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing in particular."""
        return self == Query()

    @property
    def wanted(self) -> list[Wanted]:
        """The folded words that a result shows marked."""
        found: list[Wanted] = []
        for term in self.terms:
            if not term.is_negated:
                *before, last = words(fold(term.text))
                found += [*map(Wanted, before), Wanted(last, is_prefix=term.is_prefix)]
        return found

    def narrowed(self, *, since: date | None = None, until: date | None = None) -> "Query":
        """The query for no more than those days."""
        return replace(
            self,
            since=max(filter(None, (self.since, since)), default=None),
            until=min(filter(None, (self.until, until)), default=None),
        )


@dataclass
class _Reading:
    """What was read so far."""

    terms: list[Term] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    query: Query = Query()
    wrong: list[_Text] = field(default_factory=list)


def parse(text: str) -> Query:
    """The query that a text says.

    Raises:
        Invalid: ``search.query``; the field ``q`` has a sentence for each thing that is wrong.
    """
    if len(text) > MAX_QUERY:
        detail = format_lazy(_("A search has at most {limit} characters."), limit=MAX_QUERY)
        raise refused([detail])
    reading = _Reading()
    for part in _PART.finditer(text):
        name = (part["name"] or "").lower()
        value = part["quoted"] if part["quoted"] is not None else part["bare"]
        if not name and value[-1:] == ":" and value[:-1].lower() in FILTERS:
            name, value = value[:-1].lower(), ""
        if name in FILTERS:
            _read_filter(reading, name, value.strip(), is_negated=bool(part["sign"]))
        else:
            _read_term(reading, part, value)
    query = replace(reading.query, terms=tuple(reading.terms))
    if len(query.terms) > MAX_TERMS:
        reading.wrong.append(
            format_lazy(_("Look for at most {limit} words at once."), limit=MAX_TERMS)
        )
    elif query.terms and all(term.is_negated for term in query.terms) and not _filters(query):
        reading.wrong.append(_("Say what to look for too, not only what to leave out."))
    elif not reading.wrong and query.is_empty and text.strip():
        reading.wrong.append(_("There is no word in this to look for."))
    if reading.wrong:
        raise refused(reading.wrong)
    return query


def refused(wrong: Sequence[_Text], name: str = "q") -> Invalid:
    """The refusal of a query, with a sentence for each thing that is wrong."""
    return Invalid(code="search.query", detail=wrong[0], fields={name: wrong})


def _filters(query: Query) -> bool:
    return replace(query, terms=()) != Query()


def _read_term(reading: _Reading, part: re.Match[str], value: str) -> None:
    # "re:mind" and addresses: the name was no filter, so it is words as well.
    whole = f"{part['name']}:{value}" if part["name"] else value
    if words(fold(whole)):
        is_prefix = part["quoted"] is None and whole.endswith("*")
        reading.terms.append(Term(whole, is_prefix, is_negated=bool(part["sign"])))


def _read_filter(reading: _Reading, name: str, value: str, *, is_negated: bool) -> None:
    query = reading.query
    if is_negated:
        reading.wrong.append(
            format_lazy(_("-{name}: cannot be left out; only words can."), name=name)
        )
    elif not value:
        text = _("After {name}: something is missing, without a space before it.")
        reading.wrong.append(format_lazy(text, name=name))
    elif name == "from":
        reading.query = replace(query, authors=(*query.authors, value.removeprefix("@")))
    elif name == "in":
        reading.query = replace(query, places=(*query.places, value.removeprefix("#")))
    elif name == "has":
        _read_has(reading, value.lower())
    elif name == "lang":
        _read_language(reading, value)
    else:
        _read_days(reading, name, value)


def _read_has(reading: _Reading, value: str) -> None:
    if (thing := value.removesuffix("s")) in HAS:
        reading.query = replace(reading.query, has=reading.query.has | {thing})
    else:
        text = _("has: takes link or file, not “{value}”.")
        reading.wrong.append(format_lazy(text, value=value))


def _read_language(reading: _Reading, value: str) -> None:
    tag = value.lower() if "-" not in value else value
    if is_language_tag(tag):
        reading.query = replace(reading.query, languages=(*reading.query.languages, tag))
    else:
        text = _("lang: takes the code of a language such as de or et, not “{value}”.")
        reading.wrong.append(format_lazy(text, value=value))


def _read_days(reading: _Reading, name: str, value: str) -> None:
    days = period(value)
    if days is None:
        text = _("{name}: takes a day such as 2026-05-31, a month or a year, not “{value}”.")
        reading.wrong.append(format_lazy(text, name=name, value=value))
        return
    first, beyond = days
    narrow: dict[str, Callable[[], Query]] = {
        "after": lambda: reading.query.narrowed(since=first),
        "before": lambda: reading.query.narrowed(until=first),
        "on": lambda: reading.query.narrowed(since=first, until=beyond),
    }
    reading.query = narrow[name]()


def period(value: str) -> tuple[date, date] | None:
    """First day and first day beyond of a day, month or year; None if it is none of them."""
    found = _DAY.fullmatch(value)
    if found is None or not value.isascii():
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            length = 1
        elif month:
            length = calendar.monthrange(first.year, first.month)[1]
        else:
            length = 366 if calendar.isleap(first.year) else 365
        return first, first + timedelta(days=length)
    except (ValueError, OverflowError):
        return None
