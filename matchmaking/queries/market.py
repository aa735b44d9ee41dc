"""The market that this process holds in memory, kept in step with the database.

Invariants: before anybody asks it, one query compares the counter of changes with the number up to
which this process has read; what is missing is read then, so a committed change is in the next
answer of every process. It is made on first use, in the thread that asks, never in the event loop.
What leaves it is checked against the database once more (`eligible`), so consent that was withdrawn
is gone at once, whatever memory says.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from base.clock import now
from matchmaking.access.profiles import counting
from matchmaking.engine.market import Market
from matchmaking.engine.profiles import Cooperation, Profile, Text
from matchmaking.models import Choice, GroupHouse, Introduction, MarketState, MatchingProfile
from matchmaking.queries.settings import settings_now
from matchmaking.vocabulary import AT_HOME, PROFILE_LASTS, Facet, IntroductionState
from members.models import OrganisationText
from moderation.access import apart_from

AT_ONCE = 2000
_lock = threading.Lock()


@dataclass
class _Held:
    """What this process holds: the market up to a number, and who cooperates in it."""

    market: Market = field(default_factory=Market)
    version: int = -1
    cooperating: dict[str, frozenset[int]] = field(default_factory=dict)


_held = _Held()


def current_market() -> Market:
    """Return the market as the database has it now.

    One query where nothing changed; else a constant number for what did, in batches.
    """
    with _lock:
        version = MarketState.now_at()
        if version < _held.version:
            # Another database, or one that was set back: what is held means nothing.
            forget()
        if version != _held.version:
            _catch_up(version)
        return _held.market


def forget() -> None:
    """Drop what this process holds; the next who asks makes it anew."""
    _held.market, _held.version, _held.cooperating = Market(), -1, {}


def _catch_up(version: int) -> None:
    changed = MatchingProfile.objects.filter(version__gt=_held.version).order_by("pk")
    last = 0
    while ids := list(changed.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        last = ids[-1]
        found = {profile.id: profile for profile in read_profiles(ids)}
        for pk in ids:
            if pk in found:
                _held.market.put(found[pk])
            else:
                _held.market.drop(pk)
    _catch_up_with_cooperations()
    _held.market.settings = settings_now()
    _held.version = version


def _catch_up_with_cooperations() -> None:
    changed = read_cooperations() if _held.version < 0 else _changed_cooperations(_held.version)
    _hold_cooperations(changed)
    if _counted() != sum(map(len, _held.cooperating.values())):
        # One was deleted, with an organisation: that leaves no row behind that would say so.
        standing = read_cooperations()
        gone = dict.fromkeys(_held.cooperating.keys() - standing.keys(), frozenset[int]())
        _hold_cooperations(standing | gone)


def _hold_cooperations(found: Mapping[str, frozenset[int]]) -> None:
    """Take over these; one of nobody is none any more."""
    for key, members in found.items():
        if _held.cooperating.get(key, frozenset()) == members:
            continue
        if members:
            _held.cooperating[key] = members
            _held.market.record(Cooperation(key, members))
        else:
            del _held.cooperating[key]
            _held.market.unrecord(key)


def _cooperating() -> QuerySet[Introduction]:
    """Introductions that came so far without a group."""
    return Introduction.objects.filter(state=IntroductionState.COOPERATING, group=None)


def _counted() -> int:
    """How many take part in all that there is, each as often as in how much. Two queries."""
    return GroupHouse.objects.count() + 2 * _cooperating().count()


def read_cooperations() -> dict[str, frozenset[int]]:
    """Return who works together, by a key of what they do. Two queries.

    Project groups, ended ones too, and introductions that came so far without a group. Who does not
    count, for want of consent perhaps, is not in the market, which takes no account of it then.
    """
    return _by_key(GroupHouse.objects.all()) | _pairs(_cooperating())


def _changed_cooperations(since: int) -> dict[str, frozenset[int]]:
    """What changed after a number of the market; of nobody where it is none now. Three queries."""
    rows = Introduction.objects.filter(version__gt=since).values_list("pk", flat=True)
    standing = _cooperating().filter(version__gt=since)
    return (
        _by_key(GroupHouse.objects.filter(group__version__gt=since))
        | {f"introduction {pk}": frozenset() for pk in rows}
        | _pairs(standing)
    )


def _pairs(rows: QuerySet[Introduction]) -> dict[str, frozenset[int]]:
    return {
        f"introduction {pk}": frozenset((first, second))
        for pk, first, second in rows.values_list("pk", "first_id", "second_id")
    }


def _by_key(rows: QuerySet[GroupHouse]) -> dict[str, frozenset[int]]:
    houses: dict[str, set[int]] = defaultdict(set)
    for group, house in rows.values_list("group_id", "organisation_id"):
        houses[f"group {group}"].add(house)
    return {key: frozenset(members) for key, members in houses.items()}


def read_profiles(ids: Collection[int]) -> Iterator[Profile]:
    """Yield those of the matching profiles that count, as everybody may know them. Four queries."""
    rows = list(counting().filter(pk__in=ids).select_related("organisation"))
    yield from as_profiles(rows)


def as_profiles(
    rows: Sequence[MatchingProfile], *, with_private: bool = False
) -> Iterator[Profile]:
    """Yield matching profiles as the engine takes them; private needs only where asked for.

    Two queries.
    """
    chosen: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    choices = Choice.objects.filter(profile__in=rows)
    if not with_private:
        choices = choices.filter(is_private=False)
    for pk, facet, code in choices.values_list("profile_id", "facet", "code"):
        chosen[pk][facet].add(code)
    said: dict[int, list[Text]] = defaultdict(list)
    texts = OrganisationText.objects.filter(organisation__in=[row.pk for row in rows])
    for pk, language, text in texts.values_list("organisation_id", "language", "text"):
        said[pk].append(Text(language, text))
    for row in rows:
        yield _as_profile(row, chosen[row.pk], said[row.pk])


def _as_profile(row: MatchingProfile, chosen: dict[str, set[str]], said: Iterable[Text]) -> Profile:
    house = row.organisation
    return Profile(
        id=row.pk,
        country=house.country,
        region=house.region,
        languages=frozenset(chosen[Facet.LANGUAGE]),
        sectors=frozenset(chosen[Facet.SECTOR]),
        offers=frozenset(chosen[Facet.OFFER]),
        needs=frozenset(chosen[Facet.NEED]),
        wanted=frozenset(chosen[Facet.WANTED]),
        excluded=frozenset(chosen[Facet.EXCLUDED]),
        size=house.size,
        sizes=frozenset(chosen[Facet.SIZE]),
        programmes=frozenset(chosen[Facet.PROGRAMME] - AT_HOME),
        kind=house.kind,
        looking_for=_texts(row.language, row.looking_for),
        offering=_texts(row.language, row.offering),
        description=tuple(said),
        renewed=(row.expires_at - PROFILE_LASTS).timestamp(),
        expires=row.expires_at.timestamp(),
        joined=row.made_at.timestamp(),
    )


def _texts(language: str, words: str) -> tuple[Text, ...]:
    return (Text(language, words),) if words else ()


def asking_profile(organisation_id: int) -> Profile | None:
    """Return a profile as it asks for itself, with its private needs; None where it does not count.

    Three queries.
    """
    rows = list(counting().filter(pk=organisation_id).select_related("organisation"))
    return next(as_profiles(rows, with_private=True), None) if rows else None


def eligible(organisation_id: int, others: Collection[int]) -> dict[int, MatchingProfile]:
    """Return those of `others` that may be suggested to an organisation now, with their rows.

    Both count, and neither contact blocks the other. At most three queries.
    """
    rows = counting().filter(pk__in={organisation_id, *others}).select_related("organisation")
    found = {row.pk: row for row in rows}
    own = found.pop(organisation_id, None)
    if own is None or own.contact_id is None:
        return {}
    contacts = {row.contact_id for row in found.values() if row.contact_id is not None}
    apart = apart_from(own.contact_id, contacts)
    return {pk: row for pk, row in found.items() if row.contact_id not in apart}


def are_apart(one: MatchingProfile, other: MatchingProfile) -> bool:
    """Return whether their profiles keep two from one team, as `Market.apart` has it.

    Of two countries: one does not want or excludes the other's, or they have no language in common
    where both name some. No query where choices are prefetched.
    """
    if one.organisation.country == other.organisation.country:
        return False
    for side, across in ((one, other), (other, one)):
        wanted, country = side.codes(Facet.WANTED), across.organisation.country
        if country in side.codes(Facet.EXCLUDED) or (wanted and country not in wanted):
            return True
    spoken = set(one.codes(Facet.LANGUAGE)), set(other.codes(Facet.LANGUAGE))
    return all(spoken) and not spoken[0] & spoken[1]


def fits(organisation_id: int, most: int, without: Collection[int]) -> list[tuple[int, float, str]]:
    """Return whom an organisation might meet, the best first, as id, score and place.

    More are asked for than wanted until enough may be suggested, so that whoever is kept out by the
    database does not leave a gap.
    """
    profile, market = asking_profile(organisation_id), current_market()
    if profile is None or most <= 0:
        return []
    asked, gone = most, set(without)
    moment = now().timestamp()
    while True:
        found = market.suggest_for(profile, asked, moment, gone)
        allowed = eligible(organisation_id, [each.id for each in found])
        kept = [(each.id, each.score, each.place) for each in found if each.id in allowed]
        if len(kept) >= most or len(found) < asked:
            return kept[:most]
        asked *= 2
