"""Reads about leaving: one's own exports, and whether one leaves."""

from django.db.models import QuerySet

from base.clock import now
from members.models.leaving import Departure, Export
from members.models.people import Member

SHOWN = 20


def own_exports(member: Member) -> QuerySet[Export]:
    """Return the copies that a member asked for and that are kept still, newest first."""
    return Export.objects.filter(member=member, expires_at__gt=now())[:SHOWN]


def departure_of(member: Member) -> Departure | None:
    """Return the member's wish to leave, None for who stays. One query."""
    return Departure.objects.open().filter(member_number=member.pk).first()
