"""For whom somebody acts in this session: chosen by a button, said on every page, checked anew.

The choice is kept in the session. It gives no right by itself: `members.access.acting_for` decides
at every write.
"""

from django.http import HttpRequest

from base.errors import Forbidden
from members.access.organisations import Acting, acting_for
from members.access.people import is_member
from members.models.organisations import Organisation

SESSION_KEY = "acting_for"


def chosen_acting(request: HttpRequest) -> Acting | None:
    """Return for whom the reader chose to act through an intermediary; None for oneself.

    Without a choice no query. One that is over (the accompaniment ended, the role is gone) is
    forgotten.
    """
    session = getattr(request, "session", None)
    chosen = session.get(SESSION_KEY) if session is not None else None
    if chosen is None or not is_member(request.user):
        return None
    organisation = Organisation.objects.filter(pk=chosen).first()
    try:
        acting = acting_for(request.user, organisation) if organisation else None
    except Forbidden:
        acting = None
    if acting is None or acting.through is None:
        del request.session[SESSION_KEY]
        return None
    return acting
