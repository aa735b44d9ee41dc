"""What is kept of people in matching profiles.

A profile says what an organisation looks for, not who wrote it: it stays with the organisation, and
counts no more until somebody else speaks for it.
"""

from collections.abc import Iterator

from django.db import transaction

from base.personal import (
    ANONYMISED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    kept,
    register_holdings,
)
from matchmaking.models import MarketState, MatchingProfile

OF_THE_HOUSE = kept("says what an organisation looks for, and stays and goes with it")


def export(member_id: int) -> Iterator[ExportFile]:
    """The matching profiles that one speaks for."""
    own = MatchingProfile.objects.filter(contact=member_id).prefetch_related("choices")
    rows = (
        {
            "organisation_id": row.pk,
            "looking_for": row.looking_for,
            "offering": row.offering,
            "language": row.language,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "budget": row.budget,
            "weekly": row.weekly,
            "expires_at": row.expires_at,
            "choices": [
                {"facet": choice.facet, "code": choice.code, "is_private": choice.is_private}
                for choice in row.choices.all()
            ],
        }
        for row in own.order_by("pk")
    )
    yield as_json("matchmaking/profiles.json", rows)


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Take the member out of the profiles that they speak for."""
    with transaction.atomic():
        ids = list(MatchingProfile.objects.filter(contact=member_id).values_list("pk", flat=True))
        if ids:
            MatchingProfile.objects.filter(pk__in=ids).update(contact=None)
            MarketState.touch(MatchingProfile.objects.filter(pk__in=ids))
    yield


register_holdings(
    Holdings(
        name="matchmaking.profiles",
        columns={
            "matchmaking.MatchingProfile.contact": ANONYMISED,
            "matchmaking.MatchingProfile.looking_for": OF_THE_HOUSE,
            "matchmaking.MatchingProfile.offering": OF_THE_HOUSE,
            "matchmaking.MatchingProfile.language": OF_THE_HOUSE,
            "matchmaking.Choice.code": OF_THE_HOUSE,
            "matchmaking.MarketState.weights": kept("numbers of a calculation"),
        },
        export=export,
        erase=erase,
    )
)
