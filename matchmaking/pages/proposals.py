"""The page on which an intermediary proposes two whom it accompanies to each other."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from base.errors import Conflict, Invalid, NotFound
from matchmaking.access.profiles import answering_for
from matchmaking.events.suggestions import ProposeIntroduction
from matchmaking.forms.proposals import ProposalForm
from matchmaking.pages.door import around, required_house
from matchmaking.queries.introductions import accompanied_profiles, proposed_by
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only, put_refusal


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Choose two, and see how far those have come whom one proposed before."""
    if not answering_for(actor_of(request), organisation_id).may_accompany:
        raise NotFound
    house = required_house(request, organisation_id)
    form = ProposalForm(request.POST or None, choices=accompanied_profiles(organisation_id))
    if request.method == "POST" and form.is_valid():
        first, second = form.cleaned_data["first"], form.cleaned_data["second"]
        data = ProposeIntroduction(intermediary=organisation_id, first=first, second=second)
        try:
            do_own(request, "introduction.propose", data)
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Both are asked. You see here how far they come."))
            return redirect("matchmaking:propose", organisation_id)
    values = around(house, "propose") | {"form": form, "proposed": proposed_by(organisation_id)}
    status = 422 if form.errors else 200
    return render(request, "matchmaking/propose.html", values, status=status)
