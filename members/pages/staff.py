"""The staff's desk: site settings, requests for an account, suspension."""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Conflict, NotFound
from members.access import member_for, require_staff
from members.actions import (
    approve_member,
    change_site,
    decline_member,
    reactivate_member,
    suspend_member,
)
from members.adapter import absolute
from members.forms import SiteForm
from members.pages.actor import actor_of
from members.queries import site_settings, suspended_members, waiting_members

PAGE_SIZE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def site(request: HttpRequest) -> HttpResponse:
    """Change the site's settings."""
    actor = actor_of(request)
    require_staff(actor)
    current = site_settings()
    if request.method != "POST":
        return render(request, "members/staff_site.html", {"form": SiteForm(site=current)})
    form = SiteForm(request.POST, request.FILES, site=current)
    if not form.is_valid():
        return render(request, "members/staff_site.html", {"form": form}, status=422)
    change_site(actor=actor, choices=form.choices())
    messages.success(request, _("The settings are saved."))
    return redirect("members:staff_site")


@login_required
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """Those who wait for an account, oldest first, and whether their address is verified."""
    require_staff(actor_of(request))
    page = Paginator(waiting_members(), PAGE_SIZE).get_page(request.GET.get("page"))
    verified = set(
        EmailAddress.objects.filter(user__in=list(page), verified=True).values_list(
            "user_id", flat=True
        )
    )
    values = {"page": page, "verified": verified}
    return render(request, "members/staff_approvals.html", values)


@login_required
@require_POST
def decide(request: HttpRequest, member_id: int) -> HttpResponse:
    """Approve or decline somebody who waits."""
    actor = actor_of(request)
    require_staff(actor)
    try:
        member = member_for(actor, member_id)
        if request.POST.get("decision") == "approve":
            sign_in_at = absolute(request, "account_login")
            approve_member(actor=actor, member=member, sign_in_at=sign_in_at)
            said = _("%(name)s is a member now.")
        else:
            decline_member(actor=actor, member=member)
            said = _("The request of %(name)s is deleted.")
    except (Conflict, NotFound):
        # Somebody else of the staff, or an older tab.
        messages.info(request, _("This was decided already."))
    else:
        messages.success(request, said % {"name": member.name})
    return redirect("members:staff_approvals")


@login_required
@require_safe
def suspended(request: HttpRequest) -> HttpResponse:
    """Members whose access was taken away, by name."""
    require_staff(actor_of(request))
    page = Paginator(suspended_members(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "members/staff_suspended.html", {"page": page})


@login_required
@require_POST
def suspend(request: HttpRequest, member_id: int) -> HttpResponse:
    """Take a member's access away."""
    actor = actor_of(request)
    member = member_for(actor, member_id)
    suspend_member(actor=actor, member=member)
    messages.success(request, _("%(name)s is suspended.") % {"name": member.name})
    return redirect("members:profile", member_id)


@login_required
@require_POST
def reactivate(request: HttpRequest, member_id: int) -> HttpResponse:
    """Give a suspended member access again."""
    actor = actor_of(request)
    member = member_for(actor, member_id)
    reactivate_member(actor=actor, member=member)
    messages.success(request, _("%(name)s has access again.") % {"name": member.name})
    return redirect("members:profile", member_id)
