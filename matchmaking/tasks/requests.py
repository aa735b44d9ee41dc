"""Background work of cooperation requests: they expire, and whom they fit is told."""

from datetime import timedelta

from base.clock import now
from jobs.periodic import periodic
from live.units import unit
from matchmaking.actions.fitting import is_any_untold, note_fits
from matchmaking.actions.requests import expire_requests
from matchmaking.models import CooperationRequest
from matchmaking.notices.requests import ENDING, drafts_of_ends, drafts_of_fits
from matchmaking.vocabulary import RequestState
from notices.actions.telling import tell

AT_ONCE = 100
LOOKED_AT = 50


def _is_any_over() -> bool:
    open_ones = CooperationRequest.objects.filter(state=RequestState.OPEN)
    return open_ones.filter(expires_at__lte=now()).exists()


@periodic(name="matchmaking.expire_requests", every=timedelta(minutes=5), needed=_is_any_over)
def expire() -> None:
    """Note that requests are over and tell those who keep them, a hundred at a time."""
    with unit():
        ended = expire_requests(AT_ONCE)
    tell(drafts_of_ends(ended))


@periodic(name="matchmaking.remind_requests", every=timedelta(hours=1))
def remind_requests() -> None:
    """Remind of requests that end within a week, once for each end."""
    while ids := list(
        CooperationRequest.objects.ending().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        tell(drafts_of_ends(ids, ENDING))
        CooperationRequest.objects.filter(pk__in=ids).update(reminded_at=now())


@periodic(name="matchmaking.tell_requests", every=timedelta(minutes=1), needed=is_any_untold)
def tell_of_requests() -> None:
    """Tell organisations of requests that are new or changed and fit them, fifty at a time."""
    tell(drafts_of_fits(note_fits(LOOKED_AT)))
