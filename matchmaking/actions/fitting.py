"""Telling organisations of requests that fit them, never more than they want to hear of."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from base.clock import now
from matchmaking.access.requests import open_requests
from matchmaking.models import CooperationRequest, MatchingProfile, RequestFit, Suggestion
from matchmaking.queries.fitting import fitting_organisations
from matchmaking.queries.requests import shown

WEEK = timedelta(days=7)
MOST_TOLD = 20
"""Organisations that are told of one version of a request."""


def note_fits(most: int) -> list[RequestFit]:
    """Note of whom to tell of requests that are new or changed; returns the new notes.

    An organisation hears of a request once, and within seven days of no more requests and
    suggestions together than it set. So many requests are looked at.
    """
    rows = shown(open_requests().exclude(told_version=F("version")).order_by("pk"))[:most]
    made: list[RequestFit] = []
    for row in rows:
        made += _note(row)
    return made


def is_any_untold() -> bool:
    """Return whether a request is new or changed. One query."""
    return CooperationRequest.objects.lasting().exclude(told_version=F("version")).exists()


def _note(row: CooperationRequest) -> list[RequestFit]:
    fits = {each.profile.pk: each for each in fitting_organisations(row, MOST_TOLD)}
    with transaction.atomic():
        # The rows are locked in order, so that two runs do not both count the same week.
        profiles = MatchingProfile.objects.select_for_update().filter(pk__in=fits).order_by("pk")
        told = set(RequestFit.objects.filter(request=row).values_list("profile_id", flat=True))
        made = [
            RequestFit(request=row, profile=profile, score=fits[profile.pk].score)
            for profile in profiles
            if profile.pk not in told and heard_lately(profile.pk) < profile.weekly
        ]
        RequestFit.objects.bulk_create(made)
        CooperationRequest.objects.filter(pk=row.pk).update(told_version=row.version)
    return made


def heard_lately(organisation_id: int) -> int:
    """Return of how many suggestions and requests an organisation heard in seven days."""
    since = now() - WEEK
    suggestions = Suggestion.objects.filter(profile=organisation_id, made_at__gt=since)
    fits = RequestFit.objects.filter(profile=organisation_id, told_at__gt=since)
    return suggestions.count() + fits.count()
