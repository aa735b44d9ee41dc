"""Who would be seen under other settings: the same questions asked again of the same market.

Invariant: nothing is changed; the market that is asked is the caller's, made with the settings to
try.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matchmaking.engine.market import Market
from matchmaking.engine.profiles import Cooperation, Profile
from matchmaking.engine.weights import Settings

NEWCOMER = "newcomer"
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Ask:
    """One list of suggestions that was asked for.

    Attributes:
        who: Id of the profile that asked.
        most: Suggestions that it got, or may get.
        at: When, in seconds since 1970.
    """

    who: int
    most: int
    at: float


@dataclass(frozen=True, slots=True)
class Share:
    """How often a group is seen, against how many of it there are; both between 0 and 1."""

    of_places: float
    of_candidates: float


@dataclass(frozen=True)
class Exposure:
    """Who is seen.

    Attributes:
        places: Suggestions altogether.
        by_country: Shares by country.
        by_size: Shares by class of size; "" where it is not known.
        by_standing: Shares of ``newcomer`` and ``others``.
    """

    places: int
    by_country: Mapping[str, Share]
    by_size: Mapping[str, Share]
    by_standing: Mapping[str, Share]


def exposure_under(
    settings: Settings,
    asks: Sequence[Ask],
    profiles: Sequence[Profile],
    cooperations: Iterable[Cooperation] = (),
    blocked: Iterable[tuple[int, int]] = (),
) -> Exposure:
    """Who would have been seen had those settings held when the suggestions were asked for.

    Args:
        settings: To try.
        asks: E.g. all of last month.
        profiles: All who seek partners.
        cooperations: What they did together.
        blocked: Pairs of ids that are never suggested to each other.
    """
    market = Market(profiles, cooperations, settings)
    for one, other in blocked:
        market.block(one, other)
    seen = [
        (one.id, ask.at) for ask in asks for one in market.suggest(ask.who, ask.most, now=ask.at)
    ]
    by_id = {profile.id: profile for profile in profiles}
    moment = max((ask.at for ask in asks), default=0.0)

    def standing(profile: Profile, at: float) -> str:
        is_new = profile.joined is not None and profile.joined > at - settings.newcomer_s
        return NEWCOMER if is_new else OTHERS

    return Exposure(
        places=len(seen),
        by_country=_shares(
            (by_id[pk].country for pk, _at in seen), (each.country for each in profiles)
        ),
        by_size=_shares((by_id[pk].size for pk, _at in seen), (each.size for each in profiles)),
        by_standing=_shares(
            (standing(by_id[pk], at) for pk, at in seen),
            (standing(each, moment) for each in profiles),
        ),
    )


def _shares(seen: Iterable[str], there: Iterable[str]) -> dict[str, Share]:
    places, candidates = Counter(seen), Counter(there)
    return {
        name: Share(places[name] / max(places.total(), 1), candidates[name] / candidates.total())
        for name in sorted(candidates)
    }
