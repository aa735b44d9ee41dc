"""Who may see and answer consortia: the own people of the organisations that have a seat."""

from base.errors import Forbidden, NotFound
from matchmaking.models import Consortium
from matchmaking.vocabulary import ConsortiumState


def consortium_for(organisation_id: int, consortium_id: int) -> Consortium:
    """Return a consortium in which an organisation has a seat.

    Raises:
        NotFound: `not_found`, there is none.
    """
    found = Consortium.objects.of(organisation_id).filter(pk=consortium_id).first()
    if found is None:
        raise NotFound
    return found


def led_consortium_for(organisation_id: int, consortium_id: int) -> Consortium:
    """Return a consortium that an organisation leads and that is not closed.

    Raises:
        NotFound: `not_found`, it has no seat in one.
        Forbidden: `forbidden`, another leads it, or it is closed.
    """
    found = consortium_for(organisation_id, consortium_id)
    if found.lead_id != organisation_id or found.state == ConsortiumState.CLOSED:
        raise Forbidden
    return found
