"""One's own consents: what is asked, how it stands, and what one decided before."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from base.errors import Conflict, Invalid
from base.ids import new_key, parse_key
from live.performing import perform_form
from members.consent import QUESTIONS
from members.events import consent_command
from members.pages.actor import actor_of
from members.queries.consents import consent_history, consents_now

HISTORY_A_PAGE = 20
_DIGITS = 9


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """Every purpose with its words; each is given and withdrawn by a button of its own."""
    member = actor_of(request)
    if request.method == "POST":
        given = request.POST.get("given") == "yes"
        version = request.POST.get("version", "")
        cmd, data = consent_command(
            request.POST.get("purpose", ""),
            given=given,
            version=int(version) if version.isdecimal() and len(version) <= _DIGITS else 0,
        )
        try:
            perform_form(
                actor=member,
                key=parse_key(request.POST.get("key")),
                cmd=cmd,
                topic=f"member:{member.pk}",
                data=data,
            )
        except (Conflict, Invalid) as refusal:
            messages.error(request, str(refusal.detail))
        else:
            messages.success(
                request,
                _("Your consent is on record.") if given else _("Your consent is withdrawn."),
            )
        return redirect("members:consents")
    standing = consents_now(member)
    history = Paginator(consent_history(member), HISTORY_A_PAGE)
    values = {
        "asked": [
            {"purpose": purpose, "question": question, "key": new_key(), "now": standing[purpose]}
            for purpose, question in QUESTIONS.items()
        ],
        "page": history.get_page(request.GET.get("page")),
    }
    return render(request, "members/consents.html", values)
