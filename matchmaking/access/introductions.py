"""Who may see and do what with introductions."""

from base.errors import NotFound
from matchmaking.models import Introduction


def introduction_for(organisation_id: int, introduction_id: int) -> Introduction:
    """Return an introduction in which an organisation is a side.

    Raises:
        NotFound: `not_found`, there is none.
    """
    row = Introduction.objects.of(organisation_id).filter(pk=introduction_id).first()
    if row is None:
        raise NotFound
    return row
