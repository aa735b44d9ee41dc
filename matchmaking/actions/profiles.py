"""Writes of matching profiles: saved, renewed, taken out; each tells those who keep them."""

from collections.abc import Collection, Sequence

import msgspec
from django.db import transaction

from base.clock import now
from base.errors import Forbidden, Invalid, NotFound
from base.text import clean_text
from live.registry import Written
from matchmaking.access.profiles import acting_in_matching, matching_for
from matchmaking.actions.telling import retell_suggestions, tell_matching
from matchmaking.events.profiles import SaveMatching
from matchmaking.models import Choice, MarketState, MatchingProfile
from matchmaking.rules.profiles import FIELDS, contradictions, date_of, matching_errors
from matchmaking.vocabulary import TEXT_LENGTH, Facet
from members.access import Acting, is_member
from members.actions import record_act
from members.models import Member

SAVED, RENEWED, RESTED = "matching.saved", "matching.renewed", "matching.rested"
"""Acts of intermediaries for whom they accompany."""
_PLAIN = ("budget", "weekly", "language")
_TEXTS = ("looking_for", "offering")


def save_matching(*, actor: Member, change: SaveMatching) -> Written:
    """Make or change an organisation's matching profile; it counts for 90 days from now.

    It is shared with nobody before its contact consents.

    Raises:
        NotFound: `not_found`, no such organisation.
        Forbidden: `forbidden`, the actor may not act for it.
        Invalid: `invalid`, with a message per field.
    """
    acting = acting_in_matching(actor, change.organisation)
    wrong = matching_errors(change)
    if wrong:
        raise Invalid(fields=wrong)
    profile, _is_new = MatchingProfile.objects.select_for_update().get_or_create(
        pk=change.organisation, defaults={"expires_at": now()}
    )
    _write(profile, change)
    if change.is_contact or not _speaks(profile):
        profile.contact = actor
    was_lasting = profile.is_lasting
    profile.renew()
    profile.changed_at, profile.suggested_at = now(), None
    profile.save()
    _publish(acting, profile, SAVED)
    if not was_lasting:
        retell_suggestions([profile.pk])
    return Written(profile)


def _write(profile: MatchingProfile, change: SaveMatching) -> None:
    """Put a change into the profile, unsaved, and into its choices.

    Raises:
        Invalid: `invalid`, what it would say does not go together.
    """
    for name in _PLAIN:
        said = getattr(change, name)
        if said is not msgspec.UNSET:
            setattr(profile, name, said)
    for name in _TEXTS:
        said = getattr(change, name)
        if said is not msgspec.UNSET:
            setattr(profile, name, clean_text(said.strip(), TEXT_LENGTH, field=name))
    if change.starts_on is not msgspec.UNSET:
        profile.starts_on = date_of(change.starts_on)
    if change.ends_on is not msgspec.UNSET:
        profile.ends_on = date_of(change.ends_on)
    before = {(row.facet, row.code): row.is_private for row in profile.choices.all()}
    after = _choices(before, change)
    wrong = contradictions(
        needs=[code for facet, code in after if facet == Facet.NEED],
        private=[] if change.private_needs is msgspec.UNSET else change.private_needs,
        wanted=[code for facet, code in after if facet == Facet.WANTED],
        excluded=[code for facet, code in after if facet == Facet.EXCLUDED],
        starts_on=profile.starts_on,
        ends_on=profile.ends_on,
    )
    if wrong:
        raise Invalid(fields=wrong)
    if after != before:
        profile.choices.all().delete()
        Choice.objects.bulk_create(
            Choice(profile=profile, facet=facet, code=code, is_private=is_private)
            for (facet, code), is_private in after.items()
        )


def _choices(
    before: dict[tuple[str, str], bool], change: SaveMatching
) -> dict[tuple[str, str], bool]:
    """What a profile chooses after a change, each with whether it is private."""
    after = dict(before)
    for facet, name in FIELDS.items():
        said: Sequence[str] | msgspec.UnsetType = getattr(change, name)
        if said is not msgspec.UNSET:
            kept = {place: after[place] for place in after if place[0] != facet}
            said_now = {(facet.value, code): before.get((facet, code), False) for code in said}
            after = kept | said_now
    if change.private_needs is not msgspec.UNSET:
        after = {
            place: place[0] == Facet.NEED and place[1] in change.private_needs for place in after
        }
    return after


def _speaks(profile: MatchingProfile) -> bool:
    """Whether the profile's contact still may act for the organisation."""
    contact = profile.contact
    if contact is None or not is_member(contact):
        return False
    try:
        acting_in_matching(contact, profile.pk)
    except (Forbidden, NotFound):
        return False
    return True


def renew_matching(*, actor: Member, organisation_id: int) -> Written:
    """Let a matching profile count for 90 days from now, also one that rests.

    Raises:
        NotFound: `not_found`, no such organisation or profile.
        Forbidden: `forbidden`, the actor may not act for it.
    """
    acting, profile = matching_for(actor, organisation_id)
    profile.renew()
    if not _speaks(profile):
        profile.contact = actor
    profile.suggested_at = None
    profile.save(update_fields=["expires_at", "reminded_at", "contact", "suggested_at"])
    _publish(acting, profile, RENEWED)
    retell_suggestions([profile.pk])
    return Written(profile)


def rest_matching(*, actor: Member, organisation_id: int) -> Written:
    """Take a matching profile out of everybody's suggestions; it can be renewed at any time.

    Raises:
        NotFound: `not_found`, no such organisation or profile.
        Forbidden: `forbidden`, the actor may not act for it.
    """
    acting, profile = matching_for(actor, organisation_id)
    if profile.is_lasting:
        profile.expires_at = now()
        profile.save(update_fields=["expires_at"])
        _publish(acting, profile, RESTED)
        retell_suggestions([profile.pk])
    return Written(profile)


def _publish(acting: Acting, profile: MatchingProfile, what: str) -> None:
    """Count the change, keep it as an act, and tell whom it concerns."""
    MarketState.touch(MatchingProfile.objects.filter(pk=profile.pk))
    record_act(acting=acting, what=what, subject=profile.pk)
    tell_matching(acting.member, profile.pk)


def market_changed(*, organisation_ids: Collection[int]) -> None:
    """Have every process read these profiles anew: whether they count has changed elsewhere."""
    with transaction.atomic():
        profiles = MatchingProfile.objects.filter(pk__in=organisation_ids)
        # Profiles before the counter, in the order of their ids, as whoever saves one locks them.
        list(profiles.select_for_update().order_by("pk").values_list("pk", flat=True))
        MarketState.touch(profiles)
        profiles.update(suggested_at=None)
