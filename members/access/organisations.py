"""Who may see and do what with organisations."""

from base.errors import NotFound
from members.access.people import Actor, is_member
from members.models.organisations import Organisation


def organisation_for(actor: Actor, organisation_id: int) -> Organisation:
    """Return the organisation with this id.

    Raises:
        NotFound: `not_found`, there is none or the actor may not see it.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None or not is_member(actor):
        raise NotFound
    return organisation
