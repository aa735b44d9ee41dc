"""Reads about an account's security: recent activity, sessions."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from base.clock import now, wire_time
from members.events import SecurityNoted
from members.links import Restore
from members.models.people import Member
from members.models.security import SecurityEvent
from members.vocabulary import SecurityKind

BROWSERS = ("Firefox", "FxiOS", "Edg", "OPR", "SamsungBrowser", "CriOS", "Chrome", "Safari")
NAMES = {
    "CriOS": "Chrome",
    "Edg": "Edge",
    "FxiOS": "Firefox",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
CALLED = {"Mac OS": "macOS"}


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser in which a member is signed in.

    Attributes:
        id: Of its row.
        browser: Browser and system, such as "Firefox, Windows"; "" where it says neither.
    """

    id: int
    browser: str
    ip: str
    signed_in_at: datetime
    seen_at: datetime
    is_current: bool


def browser_name(agent: str) -> str:
    """Return browser and system as people call them; "" where the text names neither."""
    said = [NAMES.get(name, name) for name in BROWSERS if f"{name}/" in agent][:1]
    said += [CALLED.get(name, name) for name in SYSTEMS if name in agent][:1]
    return ", ".join(said)


def own_sessions(member: Member, current: str | None) -> list[OwnSession]:
    """Return where a member is signed in, this browser first, then the last used. Two queries.

    Args:
        member: Whose.
        current: Key of the session that asks.
    """
    rows = list(UserSession.objects.filter(user=member).order_by("-last_seen_at"))
    keys = [row.session_key for row in rows]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=now()).values_list(
            "session_key", flat=True
        )
    )
    found = [
        OwnSession(
            id=row.pk,
            browser=browser_name(row.user_agent),
            ip=row.ip,
            signed_in_at=row.created_at,
            seen_at=row.last_seen_at,
            is_current=row.session_key == current,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda session: not session.is_current)


def member_to_restore(wanted: Restore) -> Member | None:
    """Return whose address a link brings back; None where it does so no more. One query."""
    changes = SecurityEvent.objects.select_related("member").filter(
        pk=wanted.change_id,
        member=wanted.member_id,
        kind=SecurityKind.EMAIL_CHANGED,
        is_undone=False,
    )
    change = changes.first()
    return change.member if change and change.member.email != wanted.email else None


def recent_activity(member: Member) -> QuerySet[SecurityEvent]:
    """Return what happened to the account's security, newest first."""
    return SecurityEvent.objects.filter(member=member)


def security_noted(row: SecurityEvent) -> SecurityNoted:
    """Return a security event as the wire says it."""
    return SecurityNoted(id=row.pk, kind=row.kind, at=wire_time(row.at))
