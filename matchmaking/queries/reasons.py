"""Why a suggestion was made, in the reader's language: the largest terms as sentences.

Invariants: a sentence says nothing that the reader may not know: what the other side looks for in
private is not among what the engine was given, and a partner in common is named only where its
matching profile counts, as the other's does, and neither blocks who reads.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from babel.lists import format_list
from django.utils.translation import gettext as _

from base.countries import country_name
from base.languages import active_locale, language_in_text
from matchmaking.engine.market import Explanation, Term
from matchmaking.engine.profiles import Profile
from matchmaking.queries.market import asking_profile, current_market, eligible
from matchmaking.vocabulary import Cooperation, Programme
from members.models import Organisation
from members.regions import region_name
from members.sectors import in_order, sectors
from members.vocabulary import OrganisationKind

MOST_SENTENCES: Final = 3
MOST_NAMED: Final = 3
_LAST: Final = frozenset({"experience", "fresh"})
"""Terms that most have."""
_TEXTS: Final = frozenset({"sought", "offered"})
_FORMS: Final = frozenset(Cooperation.values)
_PROGRAMMES: Final = frozenset(Programme.values)


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
    known = [Cooperation(code).sought for code in codes if code in _FORMS]
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
    if len(term.mine) > 1:
        text = _("What they offer has much of what you describe: %(words)s.")
    else:
        text = _("They write of what you describe: %(words)s.")
    return [text % {"words": _quoted(term.mine)}]


def _offered(term: Term) -> list[str]:
    if not term.theirs:
        return []
    if len(term.theirs) > 1:
        text = _("What they describe has much of what you offer: %(words)s.")
    else:
        text = _("You write of what they describe: %(words)s.")
    return [text % {"words": _quoted(term.theirs)}]


def _country(term: Term) -> list[str]:
    both = listed(country_name(code) for code in (*term.mine, *term.theirs))
    return [
        _("Organisations of your two countries often work together: %(both)s.") % {"both": both}
    ]


def _region(term: Term) -> list[str]:
    both = listed(dict.fromkeys(region_name(code) for code in (*term.mine, *term.theirs)))
    return [_("Organisations of your regions often work together: %(both)s.") % {"both": both}]


def _kind(term: Term) -> list[str]:
    kinds = dict.fromkeys((*term.mine, *term.theirs))
    both = listed(str(OrganisationKind(code).label) for code in kinds)
    return [_("Organisations like the two of you often work together: %(both)s.") % {"both": both}]


def _sizes(term: Term) -> list[str]:
    said = []
    if term.mine:
        said.append(_("They are as large as the partners you look for."))
    if term.theirs:
        said.append(_("You are as large as the partners they look for."))
    return said


def _experience(_term: Term) -> list[str]:
    return [_("They have worked with partners from here before.")]


def _fresh(_term: Term) -> list[str]:
    return [_("They confirmed not long ago what they look for.")]


def _programmes(term: Term) -> list[str]:
    names = [str(Programme(code).label) for code in term.mine if code in _PROGRAMMES]
    return [
        _("Both of you work with: %(programmes)s.") % {"programmes": listed(names[:MOST_NAMED])}
    ]


def _network(term: Term, partners: Mapping[int, str]) -> list[str]:
    names = [partners[pk] for pk in map(int, term.mine) if pk in partners]
    if not names:
        return [_("You have partners in common.")]
    return [_("You both work with: %(partners)s.") % {"partners": listed(names[:MOST_NAMED])}]


_SENTENCES: Final[dict[str, Callable[[Term], list[str]]]] = {
    "reciprocal": _reciprocal,
    "sectors": _sectors,
    "sought": _sought,
    "offered": _offered,
    "programmes": _programmes,
    "country": _country,
    "region": _region,
    "kind": _kind,
    "sizes": _sizes,
    "experience": _experience,
    "fresh": _fresh,
}


def reasons_of(
    mine: Profile, theirs: Organisation, found: Explanation, partners: Mapping[int, str]
) -> Reasons:
    """Return an explanation as sentences of the active language.

    Args:
        mine: Who reads, as it asked.
        theirs: Who is suggested to it.
        found: Why.
        partners: Names of partners in common, by id, as far as the reader may know them.
    """
    said: list[str] = []
    for term in sorted(found.terms, key=_says_little):
        if term.name == "network":
            said += _network(term, partners)
        else:
            said += _SENTENCES[term.name](term)
    places = []
    if found.wants_them:
        text = _("You look for partners in this country: %(country)s.")
        places.append(text % {"country": country_name(theirs.country)})
    if found.wanted_by_them:
        text = _("They look for partners in your country: %(country)s.")
        places.append(text % {"country": country_name(mine.country)})
    # A wish for the country says more than what counts for little.
    said = [*said[:2], *places, *said[2:]][:MOST_SENTENCES]
    return Reasons(tuple(said), _languages(found.languages))


def _says_little(term: Term) -> bool:
    """Whether a term is said only where little else is to be said."""
    return term.name in _LAST or (term.name in _TEXTS and len(term.mine) <= 1)


def _languages(tags: Collection[str]) -> str:
    if not tags:
        return ""
    names = listed(language_in_text(tag) for tag in list(tags)[:MOST_NAMED])
    return _("Languages you both work in: %(languages)s.") % {"languages": names}


def reasons_for(organisation_id: int, houses: Mapping[int, Organisation]) -> dict[int, Reasons]:
    """Return why each of these would be suggested to an organisation, by id.

    Those that are not in the market are left out. At most eight queries where nothing changed.

    Args:
        organisation_id: Who reads.
        houses: Those who are suggested, by id.
    """
    mine = asking_profile(organisation_id) if houses else None
    if mine is None:
        return {}
    found = current_market().explain_all(mine, houses)
    partners = partners_named(organisation_id, found.values())
    return {pk: reasons_of(mine, houses[pk], why, partners) for pk, why in found.items()}


def partners_named(organisation_id: int, found: Iterable[Explanation]) -> dict[int, str]:
    """Return the partners in common that an organisation's people may know, by id, with names.

    At most two queries, none where nobody has any.
    """
    common = {
        int(pk) for why in found for term in why.terms if term.name == "network" for pk in term.mine
    }
    known = eligible(organisation_id, common) if common else {}
    return {pk: row.organisation.name for pk, row in known.items()}
