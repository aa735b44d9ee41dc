"""Pages of accompaniments: who accompanies an organisation, portfolios, invitations, acting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Conflict, Forbidden, Invalid, NotFound
from base.ids import new_key, parse_id
from members.access.organisations import acting_for, organisation_for, portfolio_for, role_in
from members.access.people import is_member, is_staff
from members.acting import SESSION_KEY
from members.actions.portfolio import (
    accept_invitation,
    decline_invitation,
    invite_into_portfolio,
    withdraw_portfolio_invitation,
)
from members.acts import act_kind
from members.adapter import on_site
from members.events import AccompanimentAsk, AccompanimentName
from members.forms.accounts import INVITATION_SESSION_KEY
from members.forms.portfolio import AnswerForm, InviteFileForm
from members.models.organisations import Act, Organisation
from members.models.portfolio import PortfolioInvitation
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only, put_refusal
from members.pages.organisations import standing
from members.portfolio import columns
from members.queries.accompaniments import (
    accompaniments_of,
    open_portfolio_invitations,
    portfolio_invitation,
    portfolio_of,
    portfolio_rows,
)
from members.queries.invitations import usable_invitation
from members.queries.organisations import acts_for_it
from members.queries.roles import granted_roles
from members.vocabulary import OrganisationRole, Side

PAGE_SIZE = 50
ACTS_SIZE = 30
WAITING_SHOWN = 100


@dataclass(frozen=True)
class ActLine:
    """An act as a page shows it."""

    act: Act
    label: str
    url: str


@members_only
@require_safe
def accompaniment(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Who accompanies an organisation, who asks to, and what was done for it: for its people."""
    actor = actor_of(request)
    found = organisation_for(actor, organisation_id)
    if not is_staff(actor) and not role_in(actor, found):
        raise Forbidden
    page = Paginator(acts_for_it(found), ACTS_SIZE).get_page(request.GET.get("page"))
    values = standing(actor, found) | {
        "organisation": found,
        "rows": list(accompaniments_of(found)),
        "page": page,
        "acts": _lines(list(page)),
        "key": new_key(),
    }
    return render(request, "members/organisation_accompaniment.html", values)


def _lines(acts: Sequence[Act]) -> list[ActLine]:
    lines = []
    for act in acts:
        kind = act_kind(act.what)
        linked = kind.link(act.subject) if kind and kind.link and act.subject is not None else ""
        lines.append(ActLine(act, str(kind.label) if kind else act.what, linked))
    return lines


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def portfolio(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """What an intermediary accompanies, with gaps and what other parts say; invitations by file."""
    actor = actor_of(request)
    intermediary = portfolio_for(actor, organisation_id)
    form = InviteFileForm(request.POST or None, request.FILES or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            made = invite_into_portfolio(
                actor=actor,
                intermediary_id=intermediary.pk,
                invited=form.cleaned_data["file"],
                site_at=on_site(request.build_absolute_uri("/")),
            )
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            said = ngettext(
                "%(count)d invitation is on its way.",
                "%(count)d invitations are on their way.",
                len(made),
            )
            messages.success(request, said % {"count": len(made)})
            return redirect("members:organisation_portfolio", intermediary.pk)
    page = Paginator(portfolio_of(intermediary), PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = open_portfolio_invitations(intermediary)
    values = standing(actor, intermediary) | {
        "organisation": intermediary,
        "page": page,
        "rows": portfolio_rows(list(page)),
        "columns": columns(),
        "waiting": list(waiting[:WAITING_SHOWN]),
        "form": form,
        "key": new_key(),
    }
    status = 422 if form.errors else 200
    return render(request, "members/portfolio.html", values, status=status)


@members_only
@require_POST
def withdraw(request: HttpRequest, organisation_id: int, invitation_id: int) -> HttpResponse:
    """Take an invitation into a portfolio back."""
    intermediary = portfolio_for(actor_of(request), organisation_id)
    try:
        withdraw_portfolio_invitation(
            actor=actor_of(request), intermediary_id=intermediary.pk, invitation_id=invitation_id
        )
    except NotFound:
        messages.info(request, _("This invitation was used already or has run out."))
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("members:organisation_portfolio", organisation_id)


@members_only
@require_POST
def begin(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Ask for an accompaniment on an organisation's page, in the name of one of one's own."""
    side, _dash, own = request.POST.get("as", "").partition("-")
    number = parse_id(own) or 0
    pair = (number, organisation_id) if side == Side.INTERMEDIARY else (organisation_id, number)
    try:
        data = AccompanimentAsk(intermediary=pair[0], organisation=pair[1], side=side)
        do_own(request, "accompaniment.ask", data)
    except (Invalid, Conflict) as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("The other side has been asked."))
    return redirect("members:organisation", organisation_id)


@members_only
@require_POST
def decide(request: HttpRequest, accompaniment_id: int) -> HttpResponse:
    """Confirm or end an accompaniment; back to the page of the organisation it was done on."""
    verb = "confirm" if "confirm" in request.POST else "end"
    try:
        do_own(request, f"accompaniment.{verb}", AccompanimentName(id=accompaniment_id))
    except Conflict as refusal:
        messages.error(request, str(refusal.detail))
    else:
        done = {"confirm": _("Both sides agree now."), "end": _("This has ended.")}
        messages.success(request, done[verb])
    place, _dash, number = request.POST.get("from", "").partition("-")
    organisation_id = parse_id(number)
    if organisation_id is None:
        return redirect("home")
    if place == "portfolio":
        return redirect("members:organisation_portfolio", organisation_id)
    return redirect("members:organisation_accompaniment", organisation_id)


@members_only
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Act for an organisation from now on, or for oneself again."""
    chosen = parse_id(request.POST.get("organisation", ""))
    request.session.pop(SESSION_KEY, None)
    if chosen is None:
        messages.success(request, _("You act for yourself again."))
        return redirect("home")
    found = organisation_for(actor_of(request), chosen)
    if acting_for(actor_of(request), found).through is not None:
        request.session[SESSION_KEY] = found.pk
    return redirect("members:organisation", found.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Answer an invitation into a portfolio; who has no account yet may sign up first."""
    found = portfolio_invitation(token)
    if found is None:
        return render(request, "members/invitation_over.html", status=410)
    if request.method == "POST" and "decline" in request.POST:
        decline_invitation(invitation=found)
        messages.success(request, _("You have declined. Nobody will act for you."))
        return redirect("home")
    if not is_member(request.user):
        if usable_invitation(token):
            request.session[INVITATION_SESSION_KEY] = token
        return render(request, "members/portfolio_invitation.html", {"invitation": found})
    return _answer(request, found)


def _answer(request: HttpRequest, found: PortfolioInvitation) -> HttpResponse:
    actor = actor_of(request)
    roles = granted_roles(actor).filter(role=OrganisationRole.REPRESENTATIVE)
    own = [row.organisation for row in roles if row.organisation_id != found.intermediary_id]
    taken = Organisation.objects.filter(name__iexact=found.name, country=found.country).exists()
    form = AnswerForm(request.POST or None, own=own, new_name="" if taken else found.name)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["organisation"]
        try:
            organisation = accept_invitation(
                actor=actor, invitation=found, organisation_id=int(chosen) if chosen else None
            )
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("You agree. You see here what is done for you."))
            return redirect("members:organisation_accompaniment", organisation.pk)
    values: dict[str, Any] = {
        "invitation": found,
        "form": form,
        "choices": len(own) + (not taken),
    }
    status = 422 if form.errors else 200
    return render(request, "members/portfolio_invitation.html", values, status=status)
