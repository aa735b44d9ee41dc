"""What every page of matchmaking does: whose matching it is about, and whom else one may choose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from base.clock import now
from base.errors import NotFound
from base.ids import new_key
from matchmaking.access.profiles import acting_in_matching, own_organisations
from matchmaking.events.profiles import MatchingState
from matchmaking.queries.profiles import matching_now
from matchmaking.vocabulary import REMINDED_BEFORE, Missing
from members.access import Acting
from members.acting import chosen_acting
from members.models import Organisation
from members.pages.actor import actor_of

MOST_SHOWN = 12


@dataclass(frozen=True)
class House:
    """Whose matching a page is about.

    Attributes:
        own: The organisations that the reader may choose among, this one included.
    """

    acting: Acting
    own: list[Organisation]

    @property
    def organisation(self) -> Organisation:
        """The organisation itself."""
        return self.acting.organisation


def house_of(request: HttpRequest, organisation_id: int | None) -> House | None:
    """Return the organisation that a page is about; None where the reader has none.

    Without an id it is the one that the reader chose to act for, else the main one, else the
    first by name.

    Raises:
        NotFound: `not_found`, no such organisation.
        Forbidden: `forbidden`, the reader may not act for it.
    """
    actor = actor_of(request)
    own = list(own_organisations(actor)[:MOST_SHOWN])
    if organisation_id is None:
        chosen = chosen_acting(request)
        if chosen is not None:
            return House(chosen, own)
        main = next((each for each in own if each.pk == actor.organisation_id), None)
        first = main or next(iter(own), None)
        return House(Acting(actor, first), own) if first else None
    return House(acting_in_matching(actor, organisation_id), own)


def required_house(request: HttpRequest, organisation_id: int) -> House:
    """Return the organisation with this id.

    Raises:
        NotFound: `not_found`, no such organisation.
        Forbidden: `forbidden`, the reader may not act for it.
    """
    house = house_of(request, organisation_id)
    if house is None:
        raise NotFound
    return house


def around(house: House, tab: str, matching: MatchingState | None = None) -> dict[str, Any]:
    """Return what every page of one organisation's matching shows. Three queries.

    Args:
        house: Whose matching it is.
        tab: Which of the pages.
        matching: Its profile where the page has read it already.
    """
    pk = house.organisation.pk
    found = matching or matching_now([pk]).get(pk)
    expires = datetime.fromisoformat(found.expires_at) if found else now()
    return {
        "house": house,
        "organisation": house.organisation,
        "is_own": not house.acting.through,
        "matching": found,
        "missing": [Missing(part) for part in found.missing] if found else [],
        "expires": expires,
        "rests": found is not None and expires <= now(),
        "ends_soon": found is not None and expires <= now() + REMINDED_BEFORE,
        "tab": tab,
        "key": new_key(),
    }
