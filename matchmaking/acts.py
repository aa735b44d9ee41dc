"""What intermediaries do in matching for whom they accompany, as its own people see it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.actions import requests
from matchmaking.actions.introductions import PROPOSED
from matchmaking.actions.profiles import RENEWED, RESTED, SAVED
from members.acts import ActKind, declare_act


def _profile(organisation_id: int) -> str:
    return reverse("matchmaking:profile", args=[organisation_id])


def _request(request_id: int) -> str:
    return reverse("matchmaking:request", args=[request_id])


def register() -> None:
    """Declare the kinds of acts."""
    declare_act(ActKind(SAVED, _("Changed the matching profile"), _profile))
    declare_act(ActKind(RENEWED, _("Renewed the matching profile"), _profile))
    declare_act(ActKind(RESTED, _("Let the matching profile rest"), _profile))
    declare_act(ActKind(PROPOSED, _("Proposed an introduction")))
    for name, label in (
        (requests.POSTED, _("Posted a cooperation request")),
        (requests.CHANGED, _("Changed a cooperation request")),
        (requests.ENDED, _("Ended a cooperation request")),
        (requests.RENEWED, _("Renewed a cooperation request")),
        (requests.ANSWERED, _("Answered a cooperation request")),
    ):
        declare_act(ActKind(name, label, _request))
