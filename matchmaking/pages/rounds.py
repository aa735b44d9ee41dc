"""Pages of meeting rounds: the list, planning one, running it, the table to take away."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Conflict, Invalid
from base.ids import new_key
from matchmaking.access.rounds import meeting_for
from matchmaking.events.rounds import (
    ChangePresence,
    DropMeeting,
    NextRound,
    PlanAhead,
    PlanMeeting,
)
from matchmaking.forms.rounds import LateForm, MeetingForm
from matchmaking.models import Meeting
from matchmaking.queries.rounds import as_rows, meeting_states, places_of, shown_rounds
from matchmaking.vocabulary import MOST_AHEAD_ROUNDS, MOST_ROUNDS, WaitsWhy
from members.access import require_organiser
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only, put_refusal
from members.tables import as_csv

PAGE_SIZE = 20


@members_only
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """All meetings with rounds, the newest first."""
    require_organiser(actor_of(request))
    page = Paginator(Meeting.objects.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    states = meeting_states([row.pk for row in page])
    rows = [states[row.pk] for row in page]
    return render(request, "matchmaking/meetings.html", {"page": page, "meetings": rows})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    actor = actor_of(request)
    require_organiser(actor)
    form = MeetingForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            done = do_own(request, "meeting.plan", PlanMeeting(**form.cleaned_data))
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            return redirect("matchmaking:meeting", done["id"])
    values = {"form": form, "key": new_key()}
    status = 422 if form.errors else 200
    return render(request, "matchmaking/meeting_form.html", values, status=status)


@members_only
@require_safe
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Run a meeting: who sits with whom now, who has come, what comes next."""
    row = meeting_for(request.user, meeting_id)
    return _shown(request, row, LateForm(actor=request.user))


def _shown(request: HttpRequest, row: Meeting, form: LateForm) -> HttpResponse:
    rounds = shown_rounds(row)
    values: dict[str, Any] = {
        "meeting": row,
        "places": list(places_of(row)),
        "rounds": [each for each in rounds if each.number != row.current],
        "now": next((each for each in rounds if each.number == row.current), None),
        "whys": dict(WaitsWhy.choices),
        "is_last": row.current >= MOST_ROUNDS,
        "most_ahead": min(MOST_AHEAD_ROUNDS, MOST_ROUNDS - row.current),
        "form": form,
        "key": new_key(),
    }
    status = 422 if form.errors else 200
    return render(request, "matchmaking/meeting.html", values, status=status)


@members_only
@require_POST
def step(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Begin a round, plan ahead, or delete the meeting."""
    meeting_for(request.user, meeting_id)
    said = request.POST.get("do")
    try:
        if said == "drop":
            do_own(request, "meeting.drop", DropMeeting(meeting=meeting_id))
            messages.success(request, _("The meeting is deleted."))
            return redirect("matchmaking:meetings")
        if said == "ahead":
            number = request.POST.get("rounds", "")
            count = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0  # noqa: PLR2004 - three digits
            do_own(request, "meeting.ahead", PlanAhead(meeting=meeting_id, rounds=count))
            messages.success(
                request,
                ngettext("%(count)d round is planned.", "%(count)d rounds are planned.", count)
                % {"count": count},
            )
        else:
            do_own(request, "meeting.next", NextRound(meeting=meeting_id))
    except (Invalid, Conflict) as refusal:
        wrong = [str(each) for texts in refusal.fields.values() for each in texts]
        messages.error(request, " ".join(wrong) or str(refusal.detail))
    return redirect("matchmaking:meeting", meeting_id)


@members_only
@require_POST
def presence(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Say who has come and who is not there."""
    row = meeting_for(request.user, meeting_id)
    form = LateForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _shown(request, row, form)
    places = set(places_of(row).values_list("member_id", flat=True))
    posted = set(request.POST.getlist("is_here"))
    ticked = {pk for pk in places if str(pk) in posted}
    said = ChangePresence(
        meeting=meeting_id,
        here=sorted(ticked | set(form.cleaned_data["here"])),
        absent=sorted(places - ticked - set(form.cleaned_data["here"])),
    )
    try:
        do_own(request, "meeting.presence", said)
    except (Invalid, Conflict) as refusal:
        put_refusal(form, refusal)
        return _shown(request, row, form)
    messages.success(request, _("Who is there is saved."))
    return redirect("matchmaking:meeting", meeting_id)


@members_only
@require_safe
def table(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """All rounds as a table: who waits has no table."""
    row = meeting_for(request.user, meeting_id)
    head = [_("Round"), _("Table"), _("Name"), _("Organisation"), _("Country")]
    body = as_csv(head, as_rows(shown_rounds(row)))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rounds-{row.pk}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
