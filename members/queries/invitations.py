"""Reads of invitations."""

from django.db.models import QuerySet

from base.clock import now
from members.access.invitations import visible_invitations
from members.access.people import Actor
from members.models.invitations import Invitation
from members.rules import invitation_hash


def usable_invitation(token: str) -> Invitation | None:
    """Return the invitation of this token if it still lets somebody in."""
    invitation = Invitation.objects.filter(token_hash=invitation_hash(token)).first()
    return invitation if invitation and invitation.is_usable(now()) else None


def open_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Return invitations that the actor may see and that still let somebody in, newest first."""
    return visible_invitations(actor).usable().select_related("invited_by")
