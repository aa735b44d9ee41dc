"""Invitations: organisers and staff make links that let people sign up, and take them back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from base.errors import Conflict, NotFound
from members.access import invitation_for, require_inviter, roles_to_give
from members.actions import invite, withdraw_invitation
from members.adapter import absolute
from members.forms import InvitationForm
from members.pages.actor import actor_of
from members.queries import open_invitations

PAGE_SIZE = 50


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """Make invitations; a new link is shown once, on the page that made it."""
    actor = actor_of(request)
    require_inviter(actor)
    roles = roles_to_give(actor)
    form, made, link = InvitationForm(request.POST or None, roles=roles), None, ""
    if request.method == "POST" and form.is_valid():
        made, token = invite(actor=actor, **form.cleaned_data)
        link, form = absolute(request, "members:invitation", token), InvitationForm(roles=roles)
    page = Paginator(open_invitations(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    values = {"form": form, "link": link, "made": made, "page": page}
    status = 422 if form.errors else 200
    return render(request, "members/staff_invitations.html", values, status=status)


@login_required
@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Make an invitation worthless."""
    actor = actor_of(request)
    try:
        withdraw_invitation(actor=actor, invitation=invitation_for(actor, invitation_id))
    except (Conflict, NotFound):
        messages.info(request, _("This invitation was used already or has run out."))
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("members:staff_invitations")
