"""Reads of consents: how they stand, and how they came to stand so."""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet

from base.clock import wire_time
from members.consent import QUESTIONS
from members.events import ConsentState
from members.models.consents import Consent
from members.models.people import Member

NOT_GIVEN = ConsentState(given=False, version=0, given_at=None)


def consent_state(standing: Consent | None) -> ConsentState:
    """Return what the wire says of the one consent that was not withdrawn, or of none."""
    if standing is None:
        return NOT_GIVEN
    return ConsentState(
        given=standing.counts, version=standing.version, given_at=wire_time(standing.given_at)
    )


def standing_consents(member_ids: Collection[int]) -> Mapping[tuple[int, str], Consent]:
    """Return consents that were not withdrawn, by member and purpose. One query."""
    rows = Consent.objects.filter(member__in=member_ids, withdrawn_at=None)
    return {(row.member_id, row.purpose): row for row in rows}


def consents_now(member: Member) -> dict[str, ConsentState]:
    """Return how each purpose stands, in the order in which they are asked. One query."""
    standing = standing_consents([member.pk])
    return {str(each): consent_state(standing.get((member.pk, each))) for each in QUESTIONS}


def consent_history(member: Member) -> QuerySet[Consent]:
    """Return every consent that the member ever gave, the newest first."""
    return Consent.objects.filter(member=member)


def consents_of_events(row_ids: Iterable[int]) -> Mapping[int, tuple[str, ConsentState]]:
    """Return for consents by id their purpose and how it stands now. Two queries."""
    rows = Consent.objects.in_bulk(list(row_ids))
    standing = standing_consents({row.member_id for row in rows.values()})
    return {
        pk: (row.purpose, consent_state(standing.get((row.member_id, row.purpose))))
        for pk, row in rows.items()
    }
