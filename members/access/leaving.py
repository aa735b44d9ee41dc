"""Who may have a copy of a member's data: the member."""

from base.clock import now
from base.errors import NotFound
from members.models.leaving import Export
from members.models.people import Member


def export_for(actor: Member, export_id: int) -> Export:
    """Return one's own export with this id.

    Raises:
        NotFound: `not_found`, there is none, it is another's or its time is over.
    """
    row = Export.objects.filter(pk=export_id, member=actor, expires_at__gt=now()).first()
    if row is None:
        raise NotFound
    return row
