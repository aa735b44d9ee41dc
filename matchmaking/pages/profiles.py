"""Pages of matching profiles: seen and changed, renewed, taken out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from base.errors import Conflict, Invalid
from live.performing import perform
from matchmaking.actions.profiles import market_changed
from matchmaking.actions.suggestions import suggest_now
from matchmaking.events.profiles import NameMatching
from matchmaking.forms.profiles import MatchingForm
from matchmaking.pages.door import around, required_house
from matchmaking.queries.profiles import matching_now
from members.access import consents
from members.consent import QUESTIONS
from members.events import GiveConsent
from members.models import Member
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only, put_refusal
from members.vocabulary import Purpose


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """See and change an organisation's matching profile."""
    house = required_house(request, organisation_id)
    actor = actor_of(request)
    before = matching_now([organisation_id]).get(organisation_id)
    form = MatchingForm(
        request.POST or None, organisation=house.organisation, before=before, member=actor
    )
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, actor, form)
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            suggest_now(organisation_id=organisation_id)
            messages.success(request, _("Your matching profile is saved."))
            return redirect("matchmaking:suggestions_of", organisation_id)
    speaker = Member.objects.filter(pk=before.contact or 0).first() if before else None
    values = around(house, "profile", before) | {
        "form": form,
        "speaker": speaker,
        "consents": consents(actor, Purpose.MATCHING),
        "question": QUESTIONS[Purpose.MATCHING],
    }
    status = 422 if form.errors else 200
    return render(request, "matchmaking/profile.html", values, status=status)


def _save(request: HttpRequest, actor: Member, form: MatchingForm) -> None:
    do_own(request, "matching.save", form.change())
    if form.cleaned_data["consent"]:
        version = QUESTIONS[Purpose.MATCHING].version
        words = GiveConsent(purpose=Purpose.MATCHING.value, version=version)
        # The form's key is used up; consent is given once, however often it is said.
        own = f"member:{actor.pk}"
        perform(actor=actor, key=None, cmd="consent.give", topic=own, data=words)
        market_changed(organisation_ids=[form.organisation_id])


@members_only
@require_POST
def renew(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Let a matching profile count for 90 days from now."""
    required_house(request, organisation_id)
    do_own(request, "matching.renew", NameMatching(organisation=organisation_id))
    suggest_now(organisation_id=organisation_id)
    messages.success(request, _("The matching profile counts for 90 days from now."))
    return redirect("matchmaking:suggestions_of", organisation_id)


@members_only
@require_POST
def rest(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Take a matching profile out of everybody's suggestions."""
    required_house(request, organisation_id)
    do_own(request, "matching.rest", NameMatching(organisation=organisation_id))
    messages.success(request, _("The matching profile rests. You can renew it at any time."))
    return redirect("matchmaking:profile", organisation_id)
