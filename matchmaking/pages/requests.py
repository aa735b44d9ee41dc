"""Pages of cooperation requests: the list, one of them, its making, its end, an answer."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.countries import REGION, country_choices
from base.errors import Conflict, Forbidden, Invalid
from base.ids import new_key
from base.languages import SITE_LANGUAGES, language_choices
from matchmaking.access.profiles import acting_in_matching
from matchmaking.access.requests import acted_for, is_sought, kept_request_for, request_for
from matchmaking.events.requests import AnswerRequest, EndRequest, NameRequest
from matchmaking.forms.requests import AnswerForm, RequestForm
from matchmaking.models import CooperationRequest, RequestAnswer
from matchmaking.pages.door import house_of
from matchmaking.queries.fitting import fitting_organisations, fitting_requests
from matchmaking.queries.requests import (
    FILTERS,
    asked_for,
    found_requests,
    kept_requests,
    request_state,
)
from matchmaking.vocabulary import Cooperation, RequestState
from members.access import is_member
from members.acting import chosen_acting
from members.models import Member
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only, put_refusal
from members.sectors import sector_label, sectors

PAGE_SIZE = 20
MOST_FITTING = 10
MOST_ACTED_FOR = 50


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Open requests: to members all, to strangers those for everyone; and which fit one's own."""
    chosen = {name: request.GET.getlist(name) for name in FILTERS}
    asked = asked_for(request.GET.get("q", ""), chosen)
    page = Paginator(found_requests(request.user, asked), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    query = request.GET.copy()
    query.pop("page", None)
    values: dict[str, Any] = {
        "page": page,
        "asked": asked,
        "words": request.GET.get("q", ""),
        "query": query.urlencode(),
        "filters": _filters(chosen),
    }
    if is_member(request.user) and not asked and page.number == 1:
        values |= _own(request)
    return render(request, "matchmaking/requests.html", values)


def _own(request: HttpRequest) -> dict[str, Any]:
    """What concerns the organisation for which the reader looks at the list."""
    house = house_of(request, None)
    if house is None:
        return {}
    # What fits can show what is looked for in private, which is for its own people.
    is_own = house.acting.through is None
    return {
        "organisation": house.organisation,
        "fitting": fitting_requests(actor_of(request), house.organisation.pk) if is_own else [],
        "kept": kept_requests(request.user)[:PAGE_SIZE],
    }


def _filters(chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The filters as lists of (value, label), with what is chosen of each."""
    heads = [(each.code, sector_label(each.code)) for each in sectors().values() if not each.parent]
    spoken = [pair for pair in language_choices() if pair[0] in SITE_LANGUAGES]
    options: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "need": (_("Looks for"), [(code, str(label)) for code, label in Cooperation.choices]),
        "offer": (_("Offers"), [(code, str(label)) for code, label in Cooperation.choices]),
        "sector": (_("Sector"), heads),
        "country": (_("Country"), country_choices(REGION)),
        "language": (_("Language"), spoken),
    }
    return [
        {
            "name": name,
            "label": label,
            "options": [(code, text, code in chosen[name]) for code, text in pairs],
            "is_chosen": bool(chosen[name]),
        }
        for name, (label, pairs) in options.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def one_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """See a request and answer it; those who keep it see who answered and whom it fits."""
    found = request_for(request.user, request_id)
    values: dict[str, Any] = {"row": found, "state": request_state(found)}
    if not is_member(request.user):
        return render(request, "matchmaking/request.html", values)
    form, opened = _answer(request, request.user, found, values)
    if opened:
        return redirect("chat:channel", opened)
    status = 422 if form is not None and form.errors else 200
    return render(request, "matchmaking/request.html", values | {"form": form}, status=status)


def _answer(
    request: HttpRequest, actor: Member, found: CooperationRequest, values: dict[str, Any]
) -> tuple[AnswerForm | None, int]:
    """Take an answer, or offer the form for one; the conversation that it opened, or 0."""
    houses = list(acted_for(actor)[:MOST_ACTED_FOR])
    keeps = any(house.pk == found.organisation_id for house in houses)
    answers = RequestAnswer.objects.filter(request=found).select_related("organisation")
    values |= {"keeps": keeps, "key": new_key()}
    if keeps:
        values["answers"] = list(answers)
        values["fitting"] = fitting_organisations(found, MOST_FITTING)
        return None, 0
    values["answered"] = answers.filter(member=actor, channel__isnull=False).first()
    fitting = [house for house in houses if is_sought(found, house)]
    values["houses"] = houses
    if not fitting:
        return None, 0
    form = AnswerForm(request.POST or None, houses=fitting, initial=_first(request, fitting))
    if request.method == "POST" and form.is_valid():
        data = AnswerRequest(id=found.pk, **form.cleaned_data)
        try:
            done = do_own(request, "request.answer", data)
        except (Invalid, Conflict, Forbidden) as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Your answer is there. Here you can talk."))
            return form, int(done["id"])
    return form, 0


def _first(request: HttpRequest, houses: list[Any]) -> dict[str, Any]:
    """For whom the form answers before anything is chosen: whom one acts for, or one's own."""
    acting = chosen_acting(request)
    own = getattr(request.user, "organisation_id", None)
    wanted = [acting.organisation.pk] if acting else [own]
    found = next((house.pk for house in houses if house.pk in wanted), houses[0].pk)
    return {"organisation": found}


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Post a request for an organisation."""
    house = acting_in_matching(actor_of(request), organisation_id).organisation
    form = RequestForm(request.POST or None, organisation=house)
    if request.method == "POST" and form.is_valid():
        try:
            done = do_own(request, "request.post", form.posting())
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Your request is posted. We tell those whom it fits."))
            return redirect("matchmaking:request", done["id"])
    return _form(request, form, {"organisation": house})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, request_id: int) -> HttpResponse:
    """Change a request that one keeps."""
    acting, found = kept_request_for(actor_of(request), request_id)
    before = request_state(found)
    form = RequestForm(request.POST or None, organisation=acting.organisation, before=before)
    if request.method == "POST" and form.is_valid():
        try:
            do_own(request, "request.change", form.change(request_id))
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The request is saved."))
            return redirect("matchmaking:request", request_id)
    return _form(request, form, {"organisation": acting.organisation, "row": found})


def _form(request: HttpRequest, form: RequestForm, values: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    values |= {"form": form, "key": new_key()}
    return render(request, "matchmaking/request_form.html", values, status=status)


@members_only
@require_POST
def step(request: HttpRequest, request_id: int) -> HttpResponse:
    """Say what became of a request, or renew it."""
    kept_request_for(actor_of(request), request_id)
    said = request.POST.get("state", "")
    try:
        if said == RequestState.OPEN:
            do_own(request, "request.renew", NameRequest(id=request_id))
        else:
            do_own(request, "request.end", EndRequest(id=request_id, state=said))
    except (Invalid, Conflict) as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("The request is saved."))
    return redirect("matchmaking:request", request_id)
