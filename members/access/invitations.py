"""Who may make and see invitations: organisers their own, staff all."""

from base.errors import Forbidden, NotFound
from members.access.people import Actor, is_member, is_staff
from members.models.invitations import Invitation, InvitationQuerySet
from members.vocabulary import Role


def may_invite(actor: Actor) -> bool:
    """Return whether the actor may make invitations."""
    return is_member(actor) and (actor.is_organiser or actor.is_staff)


def require_inviter(actor: Actor) -> None:
    """Let organisers and staff through.

    Raises:
        Forbidden: `forbidden`, for everybody else.
    """
    if not may_invite(actor):
        raise Forbidden


def roles_to_give(actor: Actor) -> list[Role]:
    """Return the roles that the actor's invitations may give: none above their own."""
    if is_staff(actor):
        return list(Role)
    return [Role.MEMBER, Role.ORGANISER] if may_invite(actor) else []


def visible_invitations(actor: Actor) -> InvitationQuerySet:
    """Return the invitations that the actor may see."""
    if is_staff(actor):
        return Invitation.objects.all()
    if not may_invite(actor):
        return Invitation.objects.none()
    return Invitation.objects.filter(invited_by_id=actor.pk)


def invitation_for(actor: Actor, invitation_id: int) -> Invitation:
    """Return the invitation with this id.

    Raises:
        Forbidden: `forbidden`, the actor neither organises nor is staff.
        NotFound: `not_found`, there is none, or it is another organiser's.
    """
    require_inviter(actor)
    invitation = visible_invitations(actor).filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    return invitation
