"""Who may see invitations."""

from base.errors import NotFound
from members.access.people import Actor, require_staff
from members.models.invitations import Invitation


def invitation_for(actor: Actor, invitation_id: int) -> Invitation:
    """Return the invitation with this id.

    Raises:
        Forbidden: `forbidden`, the actor is not staff.
        NotFound: `not_found`, there is none.
    """
    require_staff(actor)
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    return invitation
