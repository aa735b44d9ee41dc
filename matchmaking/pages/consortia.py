"""Pages of consortia: the builder, the proposals, one of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from base.errors import Conflict, Invalid
from base.ids import parse_id
from matchmaking.access.consortia import consortium_for
from matchmaking.access.profiles import answering_for
from matchmaking.events.consortia import (
    AnswerConsortium,
    CloseConsortium,
    ProposeConsortium,
    TeamFound,
)
from matchmaking.forms.consortia import ProposalForm, TeamForm
from matchmaking.pages.door import House, around, required_house
from matchmaking.queries.consortia import (
    consortia_of,
    consortia_of_events,
    found_team,
    may_be_named,
)
from matchmaking.rules.consortia import shape_of, team_errors
from matchmaking.vocabulary import MOST_PARTNERS, ConsortiumState
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only, put_refusal


def _own_house(request: HttpRequest, organisation_id: int) -> House:
    answering_for(actor_of(request), organisation_id)
    return required_house(request, organisation_id)


@members_only
@require_safe
def consortia(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """The consortia that one's organisation proposed or was asked for."""
    house = _own_house(request, organisation_id)
    values = around(house, "consortia") | {"consortia": consortia_of(organisation_id)}
    return render(request, "matchmaking/consortia.html", values)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def build(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Seek a team, and propose it."""
    house = _own_house(request, organisation_id)
    known = may_be_named(organisation_id)
    form = TeamForm(request.GET if "seek" in request.GET else None, known=known)
    proposal = ProposalForm(request.POST or None)
    values: dict[str, Any] = around(house, "consortia") | {"form": form, "proposal": proposal}
    if request.method == "POST":
        done = _propose(request, proposal, organisation_id)
        if done is not None:
            return done
    if form.is_bound and form.is_valid():
        values |= _found(form, organisation_id)
    status = 422 if form.errors or proposal.errors else 200
    return render(request, "matchmaking/consortium_build.html", values, status=status)


def _found(form: TeamForm, organisation_id: int) -> dict[str, Any]:
    asked = form.asked()
    if wrong := team_errors(asked):
        put_refusal(form, Invalid(fields=wrong))
        return {}
    team: TeamFound | None = found_team(
        organisation_id, shape_of(asked), asked.needs, asked.members
    )
    return {"asked": asked, "shape": shape_of(asked), "team": team, "rests_now": team is None}


def _propose(request: HttpRequest, form: ProposalForm, organisation_id: int) -> HttpResponse | None:
    if not form.is_valid():
        return None
    data = ProposeConsortium(
        organisation=organisation_id,
        title=form.cleaned_data["title"],
        members=_ids(request.POST)[:MOST_PARTNERS],
        needs=request.POST.getlist("needs"),
    )
    try:
        done = do_own(request, "consortium.propose", data)
    except (Invalid, Conflict) as refusal:
        put_refusal(form, refusal)
        return None
    messages.success(request, _("The team is proposed. Each partner is asked."))
    return redirect("matchmaking:consortium", organisation_id, done["id"])


def _ids(posted: QueryDict) -> list[int]:
    texts = posted.getlist("members")
    return [number for text in texts if (number := parse_id(text)) is not None]


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, organisation_id: int, consortium_id: int) -> HttpResponse:
    """See a consortium, and answer it or give it up."""
    house = _own_house(request, organisation_id)
    row = consortium_for(organisation_id, consortium_id)
    if request.method == "POST":
        said = request.POST.get("say", "")
        try:
            if said == "close":
                data: Any = CloseConsortium(consortium=row.pk, organisation=organisation_id)
                do_own(request, "consortium.close", data)
            else:
                data = AnswerConsortium(
                    consortium=row.pk, organisation=organisation_id, yes=said == "yes"
                )
                do_own(request, "consortium.answer", data)
        except Conflict as refusal:
            messages.error(request, str(refusal.detail))
        return redirect("matchmaking:consortium", organisation_id, consortium_id)
    state = consortia_of_events([(row.pk, organisation_id)])[row.pk, organisation_id]
    values = around(house, "consortia") | {
        "now": state,
        "label": ConsortiumState(state.state).label,
        "leads": row.lead_id == organisation_id,
    }
    return render(request, "matchmaking/consortium.html", values)
