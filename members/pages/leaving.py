"""Leaving: a copy of one's own data, the wish to be erased, and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Conflict, NotFound, TooMany
from members.access import export_for
from members.actions.leaving import (
    GRACE,
    ask_for_export,
    ask_to_leave,
    export_path,
    stay,
)
from members.adapter import absolute, browser_of
from members.forms import LeavingForm
from members.models.leaving import Export
from members.pages.actor import actor_of, sure, sure_to_change
from members.queries.leaving import own_exports
from members.vocabulary import LeavingTexts


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sure_to_change
def leaving(request: HttpRequest) -> HttpResponse:
    """Show what leaving means, and begin it."""
    actor = actor_of(request)
    form = LeavingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_to_leave(
                actor=actor,
                texts=LeavingTexts(form.cleaned_data["texts"]),
                browser=browser_of(request),
                stay_at=absolute(request, "members:leaving"),
            )
        except Conflict as refusal:
            messages.error(request, str(refusal.detail))
        else:
            messages.success(request, _("Your account is going to be erased."))
        return redirect("members:leaving")
    values = {"form": form, "exports": own_exports(actor), "grace_days": GRACE.days}
    return render(request, "members/leaving.html", values, status=422 if form.errors else 200)


@login_required
@require_POST
def stay_here(request: HttpRequest) -> HttpResponse:
    """Take the wish to leave back."""
    try:
        stay(actor=actor_of(request), browser=browser_of(request))
    except Conflict as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("Good that you stay. Nothing is erased."))
    return redirect("members:leaving")


@login_required
@require_POST
@sure
def export(request: HttpRequest) -> HttpResponse:
    """Have a copy of one's own data made."""
    try:
        ask_for_export(actor=actor_of(request), browser=browser_of(request))
    except TooMany as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("Your copy is being made. Come back in a few minutes."))
    return redirect("members:leaving")


@login_required
@never_cache
@require_safe
@sure
def download(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """Give a finished copy to its owner."""
    return export_answer(export_for(actor_of(request), export_id))


def export_answer(row: Export) -> HttpResponseBase:
    """Return the zip of an export as a download.

    Raises:
        NotFound: `not_found`, it is being made still.
    """
    path = export_path(row)
    if row.made_at is None or not path.exists():
        raise NotFound
    name = f"creative-ports-{row.asked_at:%Y-%m-%d}.zip"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
