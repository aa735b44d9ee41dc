"""Reads of matching profiles: as their people see them, and how complete they are."""

from collections.abc import Collection, Sequence

from django.db.models import Q

from base.clock import wire_time
from matchmaking.access.profiles import counting, own_organisations
from matchmaking.events.profiles import MatchingState
from matchmaking.models import MatchingProfile
from matchmaking.vocabulary import Facet, Missing, Programme
from members.models import Member
from members.sectors import in_order

MOST_OWN = 50
_WORTH = {
    Missing.NEEDS: 20,
    Missing.OFFERS: 20,
    Missing.SECTORS: 15,
    Missing.LANGUAGES: 10,
    Missing.LOOKING_FOR: 10,
    Missing.OFFERING: 10,
    Missing.WANTED: 5,
    Missing.TIME: 5,
    Missing.BUDGET: 5,
}
"""What each part helps, of a hundred, in the order in which it is asked for."""


def in_programme_order(codes: Collection[str]) -> list[str]:
    """Return funding programmes in the order in which the form offers them."""
    return [code for code in Programme.values if code in codes]


def missing_in(profile: MatchingProfile) -> list[Missing]:
    """Return what would help the profile more, the most helpful first."""
    facets = {row.facet for row in profile.choices.all()}
    has = {
        Missing.NEEDS: Facet.NEED in facets,
        Missing.OFFERS: Facet.OFFER in facets,
        Missing.SECTORS: Facet.SECTOR in facets,
        Missing.LANGUAGES: Facet.LANGUAGE in facets,
        Missing.LOOKING_FOR: bool(profile.looking_for),
        Missing.OFFERING: bool(profile.offering),
        Missing.WANTED: Facet.WANTED in facets,
        Missing.TIME: bool(profile.starts_on or profile.ends_on),
        Missing.BUDGET: bool(profile.budget),
    }
    return [part for part in _WORTH if not has[part]]


def complete_percent(profile: MatchingProfile) -> int:
    """Return how much of what helps the profile says, 0 to 100."""
    return 100 - sum(_WORTH[part] for part in missing_in(profile))


def profiles_by_id(organisation_ids: Collection[int]) -> dict[int, MatchingProfile]:
    """Return matching profiles with organisation and choices by the organisation's id."""
    rows = MatchingProfile.objects.select_related("organisation").prefetch_related("choices")
    return {row.pk: row for row in rows.filter(pk__in=organisation_ids)}


def matching_states(profiles: Sequence[MatchingProfile]) -> dict[int, MatchingState]:
    """Return profiles as their own people see them, by the organisation's id. One query."""
    shared = set(
        counting().filter(pk__in=[row.pk for row in profiles]).values_list("pk", flat=True)
    )
    return {row.pk: _state(row, is_shared=row.pk in shared) for row in profiles}


def _state(row: MatchingProfile, *, is_shared: bool) -> MatchingState:
    return MatchingState(
        organisation=row.pk,
        name=row.organisation.name,
        contact=row.contact_id,
        offers=row.codes(Facet.OFFER),
        needs=row.codes(Facet.NEED, with_private=True),
        private_needs=row.private_needs(),
        sectors=in_order(row.codes(Facet.SECTOR)),
        wanted=row.codes(Facet.WANTED),
        excluded=row.codes(Facet.EXCLUDED),
        languages=row.codes(Facet.LANGUAGE),
        sizes=row.codes(Facet.SIZE),
        programmes=in_programme_order(row.codes(Facet.PROGRAMME)),
        looking_for=row.looking_for,
        offering=row.offering,
        language=row.language,
        starts_on=row.starts_on.isoformat() if row.starts_on else None,
        ends_on=row.ends_on.isoformat() if row.ends_on else None,
        budget=row.budget,
        weekly=row.weekly,
        expires_at=wire_time(row.expires_at),
        is_shared=is_shared,
        complete_percent=complete_percent(row),
        missing=[part.value for part in missing_in(row)],
    )


def matching_now(organisation_ids: Collection[int]) -> dict[int, MatchingState]:
    """Return matching profiles as they are now, by the organisation's id. Three queries."""
    return matching_states(list(profiles_by_id(organisation_ids).values()))


def own_matching(member: Member) -> list[MatchingState]:
    """Return the profiles of which a member hears, by the organisation's id. Four queries.

    Those of organisations in which one has a role, and those that one speaks for.
    """
    heard = Q(pk__in=own_organisations(member)) | Q(contact=member)
    own = list(MatchingProfile.objects.filter(heard).values_list("pk", flat=True)[:MOST_OWN])
    # Most members have none, and every one of them asks on connecting.
    if not own:
        return []
    return sorted(matching_now(own).values(), key=lambda state: state.organisation)
