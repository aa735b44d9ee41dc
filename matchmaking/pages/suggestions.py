"""Pages of suggestions and introductions, and the buttons on them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from base.errors import Conflict
from matchmaking.access.profiles import answering_for
from matchmaking.events.suggestions import (
    AnswerIntroduction,
    AnswerSuggestion,
    MoveIntroduction,
    UndoAnswer,
)
from matchmaking.pages.door import around, house_of, required_house
from matchmaking.queries.introductions import ended_of, going_on_of, states_for_intermediary
from matchmaking.queries.suggestions import answered_suggestions, shown_suggestions
from matchmaking.vocabulary import Answer, IntroductionState, Why
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only

ANSWERED_SHOWN = 50
WEEKS = (2, 4, 8, 12, 26)


@members_only
@require_safe
def suggestions(request: HttpRequest, organisation_id: int | None = None) -> HttpResponse:
    """Whom one's organisation might meet, and why."""
    house = house_of(request, organisation_id)
    if house is None:
        return render(request, "matchmaking/nobody.html", {})
    values = around(house, "suggestions")
    if values["is_own"]:
        shown = shown_suggestions(house.organisation.pk)
        values |= {
            "shown": shown,
            "answered": answered_suggestions(house.organisation.pk)[:ANSWERED_SHOWN],
            "choices": _choices() if shown else {},
        }
    return render(request, "matchmaking/suggestions.html", values)


def _choices() -> dict[str, str]:
    """What every suggestion offers to choose: the same for all, so it is drawn once."""
    return {
        "weeks": render_to_string("matchmaking/_weeks.html", {"weeks": WEEKS}),
        "whys": render_to_string("matchmaking/_whys.html", {"whys": Why.choices}),
    }


@members_only
@require_safe
def introductions(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """With whom one's organisation is being introduced, and how far that is."""
    house = required_house(request, organisation_id)
    values = around(house, "introductions")
    if values["is_own"]:
        values |= {
            "introductions": [
                {"now": each, "label": _label(each.state), "can": _moves(each.can)}
                for each in going_on_of(organisation_id)
            ],
            "ended": ended_of(organisation_id),
        }
    else:
        values["states"] = states_for_intermediary(organisation_id)
    return render(request, "matchmaking/introductions.html", values)


def _label(state: str) -> str:
    return str(IntroductionState(state).label)


def _moves(states: list[str]) -> list[tuple[str, str]]:
    labels = {
        IntroductionState.MET: _("We have met"),
        IntroductionState.COOPERATING: _("We cooperate"),
        IntroductionState.CLOSED: _("Close it"),
    }
    return [(state, labels[IntroductionState(state)]) for state in states]


@members_only
@require_POST
def answer(request: HttpRequest, organisation_id: int, other_id: int) -> HttpResponse:
    """Say what one's organisation thinks of a suggestion, or take it back."""
    answering_for(actor_of(request), organisation_id)
    said = request.POST.get("answer", "")
    weeks = request.POST.get("weeks", "")
    try:
        if said == "undo":
            do_own(
                request,
                "suggestion.undo",
                UndoAnswer(organisation=organisation_id, other=other_id),
            )
        else:
            data = AnswerSuggestion(
                organisation=organisation_id,
                other=other_id,
                answer=said,
                why=request.POST.get("why", ""),
                weeks=int(weeks) if weeks.isdecimal() and len(weeks) < 3 else 4,  # noqa: PLR2004 - two digits
            )
            do_own(request, "suggestion.answer", data)
    except Conflict as refusal:
        messages.error(request, str(refusal.detail))
        return redirect("matchmaking:suggestions_of", organisation_id)
    opened = _opened(organisation_id, other_id) if said == Answer.INTERESTED else None
    if opened is not None:
        messages.success(request, _("Both of you want to meet. Here you can talk."))
        return redirect("chat:channel", opened)
    if said in _SAID:
        messages.success(request, _SAID[said]())
    return redirect("matchmaking:suggestions_of", organisation_id)


_SAID = {
    "undo": lambda: _("Your answer is taken back."),
    "interested": lambda: _("We tell them that you would like to meet. If they agree, you talk."),
    "later": lambda: _("It comes again later. Nobody is told."),
    "declined": lambda: _("It does not come again. Nobody is told."),
}


def _opened(organisation_id: int, other_id: int) -> int | None:
    """The conversation of two, once both agreed."""
    return next(
        (
            each.channel
            for each in going_on_of(organisation_id)
            if each.other.id == other_id and each.channel is not None
        ),
        None,
    )


@members_only
@require_POST
def introduction(request: HttpRequest, organisation_id: int, introduction_id: int) -> HttpResponse:
    """Answer an introduction, or say how it goes on."""
    answering_for(actor_of(request), organisation_id)
    said = request.POST.get("say", "")
    try:
        if said in {"yes", "no"}:
            data: Any = AnswerIntroduction(
                id=introduction_id, organisation=organisation_id, yes=said == "yes"
            )
            do_own(request, "introduction.answer", data)
        else:
            data = MoveIntroduction(id=introduction_id, organisation=organisation_id, state=said)
            do_own(request, "introduction.move", data)
    except Conflict as refusal:
        messages.error(request, str(refusal.detail))
    return redirect("matchmaking:introductions", organisation_id)
