"""Why a suggestion was made, in the reader's language: the largest terms as sentences.

Invariants: a sentence says nothing that the reader may not know: what the other side looks for in
private is not among what the engine was given, and who works with whom is never named.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from babel.lists import format_list
from django.utils.translation import gettext as _

from base.countries import country_name
from base.languages import active_locale, language_name
from matchmaking.engine.market import Explanation, Term
from matchmaking.engine.profiles import Profile
from matchmaking.queries.market import asking_profile, current_market
from matchmaking.vocabulary import Cooperation
from members.sectors import in_order, sectors

MOST_SENTENCES: Final = 3
MOST_NAMED: Final = 3


@dataclass(frozen=True)
class Reasons:
    """Why two fit, as the one who reads may know it.

    Attributes:
        sentences: One to three, the largest term first.
        languages: In which both can work, as one sentence; "" where neither said.
    """

    sentences: tuple[str, ...]
    languages: str


def listed(names: Iterable[str]) -> str:
    """Join names as the reader's language does: "a, b and c"."""
    return str(format_list(list(names), locale=active_locale()))


def _forms(codes: Iterable[str]) -> str:
    known = [Cooperation(code).sought for code in codes if code in Cooperation.values]
    return listed(known[:MOST_NAMED])


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(_("“%(word)s”") % {"word": word} for word in list(words)[:MOST_NAMED])


def _reciprocal(term: Term) -> list[str]:
    said = []
    if term.mine:
        said.append(_("You look for %(forms)s; they offer that.") % {"forms": _forms(term.mine)})
    if term.theirs:
        said.append(_("They look for %(forms)s; you offer that.") % {"forms": _forms(term.theirs)})
    return said


def _sectors(term: Term) -> list[str]:
    codes = in_order(term.mine)
    # A part says more than its whole.
    parts = [code for code in codes if not any(each.startswith(f"{code}.") for each in codes)]
    known = [sectors()[code].label for code in parts if code in sectors()]
    if not known:
        return []
    return [_("You work in the same field: %(fields)s.") % {"fields": listed(known[:MOST_NAMED])}]


def _sought(term: Term) -> list[str]:
    if not term.mine:
        return []
    text = _("What they offer has much of what you describe: %(words)s.")
    return [text % {"words": _quoted(term.mine)}]


def _offered(term: Term) -> list[str]:
    if not term.theirs:
        return []
    text = _("What they describe has much of what you offer: %(words)s.")
    return [text % {"words": _quoted(term.theirs)}]


def _country(_term: Term) -> list[str]:
    return [_("Organisations of your two countries often work together.")]


def _region(_term: Term) -> list[str]:
    return [_("Organisations of your two regions often work together.")]


def _kind(_term: Term) -> list[str]:
    return [_("Organisations of your two kinds often work together.")]


def _sizes(_term: Term) -> list[str]:
    return [_("The size is what one of you looks for.")]


_SENTENCES: Final[dict[str, Callable[[Term], list[str]]]] = {
    "reciprocal": _reciprocal,
    "sectors": _sectors,
    "sought": _sought,
    "offered": _offered,
    "country": _country,
    "region": _region,
    "kind": _kind,
    "sizes": _sizes,
}


def reasons_of(mine: Profile, theirs_country: str, found: Explanation) -> Reasons:
    """Return an explanation as sentences of the active language."""
    said: list[str] = []
    for term in found.terms:
        said += _SENTENCES[term.name](term) if term.name in _SENTENCES else []
    places = []
    if found.wants_them:
        text = _("You look for partners in this country: %(country)s.")
        places.append(text % {"country": country_name(theirs_country)})
    if found.wanted_by_them:
        text = _("They look for partners in your country: %(country)s.")
        places.append(text % {"country": country_name(mine.country)})
    # A wish for the country says more than what counts for little.
    said = [*said[:2], *places, *said[2:]][:MOST_SENTENCES]
    return Reasons(tuple(said), _languages(found.languages))


def _languages(tags: Collection[str]) -> str:
    if not tags:
        return ""
    names = listed(language_name(tag) for tag in list(tags)[:MOST_NAMED])
    return _("Languages you both work in: %(languages)s.") % {"languages": names}


def reasons_for(organisation_id: int, countries: Mapping[int, str]) -> dict[int, Reasons]:
    """Return why each of these would be suggested to an organisation, by id.

    Those that are not in the market are left out. At most six queries where nothing changed.

    Args:
        organisation_id: Who reads.
        countries: Those who are suggested, with the country of each.
    """
    mine = asking_profile(organisation_id) if countries else None
    if mine is None:
        return {}
    market, found = current_market(), {}
    for pk, country in countries.items():
        try:
            found[pk] = reasons_of(mine, country, market.explain_for(mine, pk))
        except KeyError:
            # It left the market while this was read.
            continue
    return found
