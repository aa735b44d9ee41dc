"""Making, using and withdrawing invitations."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy

from base.clock import now
from base.errors import Conflict, Forbidden
from members.access.invitations import require_inviter, roles_to_give
from members.access.people import Actor
from members.links import invitation_token
from members.models.invitations import Invitation
from members.models.people import Member
from members.rules import INVITATION_LASTS, invitation_hash, new_invitation_token
from members.vocabulary import Role


def use_invitation(token: str, member: Member) -> None:
    """Use an invitation for this member, inside a transaction, and give its role.

    Raises:
        Conflict: `invitation.used`, it has let in as many as it may, ran out or was withdrawn.
    """
    digest = invitation_hash(token)
    usable = Invitation.objects.usable().filter(token_hash=digest)
    # The update is the lock: of two that come for the last place, one changes a row.
    if usable.update(uses=F("uses") + 1, used_at=now()) == 0:
        raise Conflict(
            code="invitation.used",
            detail=gettext_lazy("This invitation was used already or has run out."),
        )
    member.came_by = Invitation.objects.get(token_hash=digest)
    role = member.came_by.role
    member.is_moderator = role == Role.MODERATOR
    member.is_organiser = role == Role.ORGANISER
    member.is_staff = role == Role.STAFF
    member.save(update_fields=["came_by", "is_moderator", "is_organiser", "is_staff"])


def invite(
    *,
    actor: Actor,
    email: str = "",
    role: str = Role.MEMBER,
    lasts: timedelta = INVITATION_LASTS,
    most_uses: int = 1,
) -> tuple[Invitation, str]:
    """Return a new invitation and its token, which cannot be read again afterwards.

    With an address, only that address may sign up with it, so it is for one person.

    Raises:
        Forbidden: `forbidden`, the actor neither organises nor is staff, or gives away a role
            that is not theirs to give.
    """
    require_inviter(actor)
    if role not in roles_to_give(actor):
        raise Forbidden
    with transaction.atomic():
        invitation = Invitation.objects.create(
            token_hash=invitation_hash(new_invitation_token()),
            email=email.lower(),
            role=role,
            invited_by_id=actor.pk,
            expires_at=now() + lasts,
            most_uses=1 if email else most_uses,
        )
        token = invitation_token(invitation.pk)
        invitation.token_hash = invitation_hash(token)
        invitation.save(update_fields=["token_hash"])
    return invitation, token


def withdraw_invitation(*, actor: Actor, invitation: Invitation) -> None:
    """Make an invitation worthless; one that nobody used is forgotten.

    Raises:
        Forbidden: `forbidden`, the actor neither organises nor is staff.
        Conflict: `invitation.used`, it lets nobody in any more.
    """
    require_inviter(actor)
    usable = Invitation.objects.usable().filter(pk=invitation.pk)
    if not usable.filter(uses=0).delete()[0] and not usable.update(withdrawn_at=now()):
        raise Conflict(
            code="invitation.used",
            detail=gettext_lazy("This invitation was used already or has run out."),
        )
