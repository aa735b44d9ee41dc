"""Which requests fit an organisation, and which organisations a request.

Open requests are held in memory as a market of their own, in which a request's id is negative, so
that it is nobody's in either market. Before anybody asks it, one query compares the number, the
versions and the last change of all requests with what was read. What leaves it is checked against
the database once more, so that what closed or was blocked is gone at once.
"""

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Max, Sum

from base.clock import now
from matchmaking.access.profiles import counting
from matchmaking.access.requests import open_to
from matchmaking.engine.market import Explanation, Market
from matchmaking.engine.profiles import Profile, Text
from matchmaking.models import CooperationRequest, MatchingProfile
from matchmaking.queries.market import asking_profile, current_market
from matchmaking.queries.reasons import Reasons, reasons_of
from matchmaking.queries.requests import shown
from matchmaking.vocabulary import Facet
from members.models import Member, OrganisationSector
from moderation.access import apart_from

MOST_HELD = 2000
MOST_LOOKED_AT = 60
MEETING = frozenset({"reciprocal", "sought", "offered"})
"""Terms of which one must count: a shared field or country alone is no reason to answer."""
_lock = threading.Lock()


@dataclass
class _Held:
    market: Market = field(default_factory=Market)
    counted: tuple[object, ...] = ()


_held = _Held()


def current_requests() -> Market:
    """Return the open requests as a market of their own, by negative id; the newest 2,000.

    One query where nothing changed, else three more.
    """
    with _lock:
        totals = CooperationRequest.objects.aggregate(
            Count("pk"), Sum("version"), Max("changed_at")
        )
        counted = tuple(totals.values())
        if counted != _held.counted:
            newest = shown(CooperationRequest.objects.lasting().order_by("-pk"))[:MOST_HELD]
            _held.market, _held.counted = Market(as_profiles(newest)), counted
        return _held.market


def as_profiles(rows: Iterable[CooperationRequest]) -> Iterator[Profile]:
    """Yield requests as the engine takes them, named by their negative ids. One query.

    A request that names no sectors is in those of its organisation.
    """
    found = list(rows)
    houses = {row.organisation_id for row in found}
    sectors: dict[int, set[str]] = {pk: set() for pk in houses}
    own = OrganisationSector.objects.filter(organisation__in=houses)
    for pk, code in own.values_list("organisation_id", "code"):
        sectors[pk].add(code)
    for row in found:
        house = row.organisation
        said = (Text(row.language, f"{row.title}\n{row.text}"),)
        offers, needs = row.codes(Facet.OFFER), row.codes(Facet.NEED)
        yield Profile(
            id=-row.pk,
            country=house.country,
            region=house.region,
            languages=frozenset(row.codes(Facet.LANGUAGE)),
            sectors=frozenset(row.codes(Facet.SECTOR)) or frozenset(sectors[row.organisation_id]),
            offers=frozenset(offers),
            needs=frozenset(needs),
            wanted=frozenset(row.codes(Facet.WANTED)),
            size=house.size,
            kind=house.kind,
            looking_for=said if needs else (),
            offering=said if offers else (),
            renewed=row.changed_at.timestamp(),
            expires=row.expires_at.timestamp(),
        )


@dataclass(frozen=True)
class FittingRequest:
    """A request that fits somebody, and why."""

    request: CooperationRequest
    score: float
    reasons: Reasons


@dataclass(frozen=True)
class FittingOrganisation:
    """An organisation that fits a request, and why."""

    profile: MatchingProfile
    score: float
    reasons: Reasons


def fitting_requests(reader: Member, organisation_id: int) -> list[FittingRequest]:
    """Return the open requests that fit an organisation, the best first, as many as it set a week.

    Nothing for one whose matching profile does not count. Those that the reader may not see are
    left out.
    """
    mine = asking_profile(organisation_id)
    if mine is None:
        return []
    most = MatchingProfile.objects.values_list("weekly", flat=True).get(pk=organisation_id)
    if not most:
        return []
    market = current_requests()
    found = market.suggest_for(mine, MOST_LOOKED_AT, now().timestamp())
    rows = shown(open_to(reader)).in_bulk([-each.id for each in found])
    scores = {each.id: each.score for each in found if -each.id in rows}
    fits: list[FittingRequest] = []
    for pk, why in _about(market, mine, list(scores), most):
        row = rows[-pk]
        reasons = reasons_of(mine, row.organisation, why, {})
        fits.append(FittingRequest(row, scores[pk], reasons))
    return fits


def fitting_organisations(row: CooperationRequest, most: int) -> list[FittingOrganisation]:
    """Return the organisations that a request fits, the best first, at most so many.

    Only those whose matching profile counts, by what everybody may know of it, and whose contact
    and the request's do not block each other.
    """
    if not row.is_lasting or row.contact_id is None or most <= 0:
        return []
    (asking,) = as_profiles([row])
    market = current_market()
    found = market.suggest_for(asking, MOST_LOOKED_AT, now().timestamp())
    allowed = _reachable(row.contact_id, [each.id for each in found])
    scores = {each.id: each.score for each in found if each.id in allowed}
    fits: list[FittingOrganisation] = []
    for pk, why in _about(market, asking, list(scores), most):
        profile = allowed[pk]
        reasons = reasons_of(asking, profile.organisation, why, {})
        fits.append(FittingOrganisation(profile, scores[pk], reasons))
    return fits


def _reachable(contact_id: int, ids: Collection[int]) -> dict[int, MatchingProfile]:
    """Those of the profiles that count and whose contact and this member do not block each other.

    Two queries.
    """
    rows = counting().filter(pk__in=ids).select_related("organisation")
    found = {row.pk: row for row in rows}
    contacts = {row.contact_id for row in found.values() if row.contact_id is not None}
    apart = apart_from(contact_id, contacts)
    return {pk: row for pk, row in found.items() if row.contact_id not in apart}


def _about(
    market: Market, asking: Profile, ids: Sequence[int], most: int
) -> list[tuple[int, Explanation]]:
    """The first of these with something in it to answer to, each with its reasons; at most so many.

    Whoever left the market meanwhile is passed over.
    """
    found: list[tuple[int, Explanation]] = []
    for start in range(0, len(ids), most):
        # As many as are wanted are explained at once: mostly that is enough.
        whys = market.explain_all(asking, ids[start : start + most])
        found += [(pk, why) for pk, why in whys.items() if _is_about(why)]
        if len(found) >= most:
            break
    return found[:most]


def _is_about(why: Explanation) -> bool:
    return any(term.name in MEETING for term in why.terms)
