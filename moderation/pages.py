"""The pages of moderation: whom one blocks, reporting something, the moderators' list."""

from typing import Any

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import NotFound, Refusal
from base.ids import new_key, parse_key
from live.performing import perform_form
from members.access import is_member, member_for
from members.pages.actor import actor_of
from moderation.access import blocks, report_for, require_moderator
from moderation.events import BlockMember, ReportContent
from moderation.forms import ReportForm
from moderation.queries import blocks_of, reports
from moderation.registry import evidence_of
from moderation.vocabulary import PAGE_SIZE


def _do(request: HttpRequest, cmd: str, data: msgspec.Struct) -> dict[str, Any]:
    """Run a command on one's own topic under the key that the form carries."""
    actor = actor_of(request)
    key = parse_key(request.POST.get("key"))
    return perform_form(actor=actor, cmd=cmd, topic=f"member:{actor.pk}", data=data, key=key)


@login_required
@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    """Whom one blocks, the newest first."""
    page = Paginator(blocks_of(actor_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "moderation/blocked.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, member_id: int) -> HttpResponse:
    """Ask whether somebody is to be blocked, with what it means; posting does it."""
    actor = actor_of(request)
    if request.method == "POST":
        _do(request, "member.block", BlockMember(member=member_id))
        messages.success(request, _("This member is blocked. They are not told."))
        return redirect("moderation:blocked")
    member = member_for(actor, member_id)
    if member == actor:
        raise NotFound
    values = {"member": member, "key": new_key(), "is_blocked": blocks(actor.pk, member.pk)}
    return render(request, "moderation/block.html", values)


@login_required
@require_POST
def unblock(request: HttpRequest, member_id: int) -> HttpResponse:
    """Block somebody no more."""
    _do(request, "member.unblock", BlockMember(member=member_id))
    messages.success(request, _("This member is no longer blocked."))
    return redirect("moderation:blocked")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, object_id: int) -> HttpResponse:
    """Report something; posting confirms with what happens next."""
    actor = actor_of(request)
    if not is_member(actor):
        raise NotFound
    form = ReportForm(request.POST or None)
    evidence = evidence_of(actor, kind, object_id)
    if request.method == "POST" and form.is_valid():
        data = ReportContent(kind=kind, object=object_id, **form.cleaned_data)
        try:
            reply = _do(request, "content.report", data)
        except Refusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            form.add_error(None, str(refusal.detail))
        else:
            return redirect("moderation:reported", reply["id"])
    values = {"form": form, "evidence": evidence, "key": new_key()}
    return render(request, "moderation/report.html", values, status=422 if form.errors else 200)


@login_required
@require_safe
def reported(request: HttpRequest, report_id: int) -> HttpResponse:
    """The confirmation that the reporter gets; also an offer to block the author."""
    actor = actor_of(request)
    row = report_for(actor, report_id)
    is_offered = row.author_id not in {None, actor.pk} and not blocks(actor.pk, row.author_id or 0)
    return render(request, "moderation/reported.html", {"report": row, "may_block": is_offered})


@login_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """All reports, the newest first, each with what it is about: for moderators."""
    require_moderator(actor_of(request))
    page = Paginator(reports(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "moderation/reports.html", {"page": page})
