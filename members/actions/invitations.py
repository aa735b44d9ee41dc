"""Making, using and withdrawing invitations."""

from datetime import timedelta

from django.utils.translation import gettext_lazy

from base.clock import now
from base.errors import Conflict
from members.access.people import Actor, require_staff
from members.models.invitations import Invitation
from members.models.people import Member
from members.rules import INVITATION_LASTS, invitation_hash, new_invitation_token
from members.vocabulary import Role


def use_invitation(token: str, member: Member) -> None:
    """Use an invitation up for this member and give its role."""
    at = now()
    unused = Invitation.objects.filter(
        token_hash=invitation_hash(token), used_at=None, expires_at__gt=at
    )
    # The update is the lock: of two that come with one link, one changes a row.
    if unused.update(used_at=at, used_by=member) == 0:
        raise Conflict(
            code="invitation.used",
            detail=gettext_lazy("This invitation was used already or has run out."),
        )
    role = Invitation.objects.get(token_hash=invitation_hash(token)).role
    member.is_moderator = role == Role.MODERATOR
    member.is_staff = role == Role.STAFF
    member.save(update_fields=["is_moderator", "is_staff"])


def invite(
    *, actor: Actor, email: str = "", role: str = Role.MEMBER, lasts: timedelta = INVITATION_LASTS
) -> tuple[Invitation, str]:
    """Return a new invitation and its token, which cannot be read again afterwards.

    With an address, only that address may sign up with it.

    Raises:
        Forbidden: `forbidden`, the actor is not staff.
    """
    require_staff(actor)
    token = new_invitation_token()
    invitation = Invitation.objects.create(
        token_hash=invitation_hash(token),
        email=email.lower(),
        role=role,
        invited_by_id=actor.pk,
        expires_at=now() + lasts,
    )
    return invitation, token


def withdraw_invitation(*, actor: Actor, invitation: Invitation) -> None:
    """Make an unused invitation worthless.

    Raises:
        Forbidden: `forbidden`, the actor is not staff.
        Conflict: `invitation.used`, somebody signed up with it.
    """
    require_staff(actor)
    deleted, _rows = Invitation.objects.filter(pk=invitation.pk, used_at=None).delete()
    if not deleted:
        raise Conflict(
            code="invitation.used",
            detail=gettext_lazy("This invitation was used already or has run out."),
        )
