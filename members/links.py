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
    """Whose address is to be restored, and which one.

    Attributes:
        change_id: The security event of the change that gave it up.
    """

    member_id: int
    email: str
    change_id: int


def restore_token(restore: Restore) -> str:
    """Return what the link holds that takes a change of address back."""
    said = [restore.member_id, restore.email, restore.change_id]
    return signing.dumps(said, salt=_RESTORE)


def read_restore_token(token: str) -> Restore | None:
    """Return what a token says; None for a forged one, or after `RESTORE_LASTS`."""
    try:
        said: Any = signing.loads(token, salt=_RESTORE, max_age=RESTORE_LASTS)
        member_id, email, change_id = said
    except (signing.BadSignature, ValueError):
        return None
    return Restore(member_id=int(member_id), email=str(email), change_id=int(change_id))


def portfolio_token(invitation_id: int) -> str:
    """Return the token of an invitation into a portfolio: made anew when its mail is written."""
    return signing.Signer(salt=_PORTFOLIO).sign(str(invitation_id))


def invitation_token(invitation_id: int) -> str:
    """Return the token of an invitation, kept nowhere: it is made from the row's id."""
    return signing.Signer(salt=_INVITATION).sign(str(invitation_id))
