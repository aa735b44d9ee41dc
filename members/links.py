"""Signed links that mails hold: who opens one in time may do the one thing that it is for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing

RESTORE_LASTS = timedelta(days=7)
_RESTORE = "members.restore-address"
_PORTFOLIO = "members.portfolio"
_INVITATION = "members.invitation"


@dataclass(frozen=True, slots=True)
class Restore:
    """Whose address is to be restored, and which one."""

    member_id: int
    email: str


def restore_token(restore: Restore) -> str:
    """Return what the link holds that takes a change of address back."""
    return signing.dumps([restore.member_id, restore.email], salt=_RESTORE)


def read_restore_token(token: str) -> Restore | None:
    """Return what a token says; None for a forged one, or after `RESTORE_LASTS`."""
    try:
        said: Any = signing.loads(token, salt=_RESTORE, max_age=RESTORE_LASTS)
    except signing.BadSignature:
        return None
    return Restore(member_id=int(said[0]), email=str(said[1]))


def portfolio_token(invitation_id: int) -> str:
    """Return the token of an invitation into a portfolio: made anew when its mail is written."""
    return signing.Signer(salt=_PORTFOLIO).sign(str(invitation_id))


def invitation_token(invitation_id: int) -> str:
    """Return the token of an invitation, kept nowhere: it is made from the row's id."""
    return signing.Signer(salt=_INVITATION).sign(str(invitation_id))
