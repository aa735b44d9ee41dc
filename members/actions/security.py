"""Writes about an account's security: what happened is noted, sessions end, addresses come back."""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from base.clock import now
from base.errors import Conflict
from live import credentials
from live.models import AccessToken
from live.units import append, unit
from members.links import Restore
from members.models.people import Member
from members.models.security import AGENT_LENGTH, SecurityEvent
from members.queries.security import security_noted
from members.vocabulary import SecurityKind


@dataclass(frozen=True, slots=True)
class Browser:
    """Where something was done from: an IP address, and what the browser calls itself."""

    ip: str | None = None
    agent: str = ""


NOWHERE = Browser()


def note(*, member: Member, kind: SecurityKind, browser: Browser = NOWHERE) -> SecurityEvent:
    """Write down what happened to a member's account, and say so on their own topic."""
    with unit():
        row = SecurityEvent.objects.create(
            member=member, kind=kind, ip=browser.ip, agent=browser.agent[:AGENT_LENGTH]
        )
        append(
            topic=f"member:{member.pk}",
            event="security.noted",
            actor=member,
            subject=row,
            at=row.at,
            fresh=lambda: security_noted(row),
        )
    return row


def note_sign_in(*, member: Member, browser: Browser) -> SecurityEvent:
    """Write down a sign-in; one from a browser that the account does not know is another kind.

    The first sign-in of all is no news.
    """
    agent = browser.agent[:AGENT_LENGTH]
    earlier = SecurityEvent.objects.filter(
        member=member, kind__in=(SecurityKind.SIGNED_IN, SecurityKind.NEW_DEVICE)
    )
    is_known = earlier.filter(agent=agent).exists() or not earlier.exists()
    kind = SecurityKind.SIGNED_IN if is_known else SecurityKind.NEW_DEVICE
    return note(member=member, kind=kind, browser=browser)


def end_sessions(*, member: Member, sessions: Iterable[UserSession]) -> int:
    """Sign the member out of these sessions of theirs, live sockets too; returns how many."""
    ended = 0
    for session in sessions:
        with transaction.atomic():
            credentials.revoke(member=member, session_key=session.session_key)
            session.end()
        ended += 1
    return ended


def end_everything(*, member: Member) -> None:
    """Sign the member out of every session and revoke every token; live sockets close."""
    with transaction.atomic():
        AccessToken.objects.filter(member=member, revoked_at=None).update(revoked_at=now())
        for session in UserSession.objects.filter(user=member):
            session.end()
        credentials.revoke(member=member)


def restore_address(*, member: Member, wanted: Restore, browser: Browser = NOWHERE) -> None:
    """Give the account back its former address, and sign everybody out of it.

    Whoever changed the address may know the password, so it stops working: the owner sets a new
    one by a link to the restored address. Later changes are undone with it, so that no link that
    one of them mailed brings a thief's address back.

    Raises:
        Conflict: `email.taken`, another account signs in with that address now; `email.restored`,
            the change was undone already.
    """
    email = wanted.email
    taken = EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=member)
    if taken.exists() or Member.objects.filter(email=email).exclude(pk=member.pk).exists():
        raise _taken()
    try:
        with transaction.atomic():
            _undo(member, wanted.change_id)
            EmailAddress.objects.filter(user=member).delete()
            EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
            member.email = email
            member.set_unusable_password()
            member.save(update_fields=["email", "password"])
            end_everything(member=member)
            note(member=member, kind=SecurityKind.EMAIL_RESTORED, browser=browser)
    except IntegrityError as error:
        raise _taken() from error


def _undo(member: Member, change_id: int) -> None:
    changes = SecurityEvent.objects.filter(
        member=member, kind=SecurityKind.EMAIL_CHANGED, is_undone=False
    )
    # The update is the lock: of two links that are opened at once the older change wins.
    if not changes.filter(pk=change_id).update(is_undone=True):
        raise Conflict(
            code="email.restored", detail=gettext_lazy("This change was taken back already.")
        )
    changes.filter(pk__gt=change_id).update(is_undone=True)


def _taken() -> Conflict:
    return Conflict(
        code="email.taken",
        detail=gettext_lazy("Another account signs in with this address now."),
    )
