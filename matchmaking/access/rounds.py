"""Who may see meeting rounds: organisers and staff run them, who takes part sees their own."""

from base.errors import NotFound
from matchmaking.models import Meeting, MeetingPlace
from members.access import Actor, is_member, organises


def meeting_for(actor: Actor, meeting_id: int) -> Meeting:
    """Return a meeting that an organiser runs.

    Raises:
        NotFound: `not_found`, there is none, or the actor does not organise.
    """
    found = Meeting.objects.filter(pk=meeting_id).first() if organises(actor) else None
    if found is None:
        raise NotFound
    return found


def own_place_for(actor: Actor, meeting_id: int) -> MeetingPlace:
    """Return the actor's place in a meeting, with the meeting.

    Raises:
        NotFound: `not_found`, there is none, or the actor takes no part.
    """
    if not is_member(actor):
        raise NotFound
    places = MeetingPlace.objects.select_related("meeting")
    found = places.filter(meeting__id=meeting_id, member=actor).first()
    if found is None:
        raise NotFound
    return found
