"""Who may see and run meeting rounds: organisers and staff."""

from base.errors import NotFound
from matchmaking.models import Meeting
from members.access import Actor, organises


def meeting_for(actor: Actor, meeting_id: int) -> Meeting:
    """Return a meeting that an organiser runs.

    Raises:
        NotFound: `not_found`, there is none, or the actor does not organise.
    """
    found = Meeting.objects.filter(pk=meeting_id).first() if organises(actor) else None
    if found is None:
        raise NotFound
    return found
