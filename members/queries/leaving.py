"""Reads about leaving: one's own exports."""

from django.db.models import QuerySet

from base.clock import now
from members.models.leaving import Export
from members.models.people import Member

SHOWN = 20


def own_exports(member: Member) -> QuerySet[Export]:
    """Return the copies that a member asked for and that are kept still, newest first."""
    return Export.objects.filter(member=member, expires_at__gt=now())[:SHOWN]
