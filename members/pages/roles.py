"""The page of an organisation's people: who has which role, who asks for one, who grants."""

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Conflict, Invalid, NotFound, TooMany
from base.ids import new_key
from members.access.organisations import organisation_for
from members.access.people import require_staff, visible_members
from members.events import RoleAsk, RoleEnd, RoleGrant
from members.forms.roles import RoleForm, RoleWishForm
from members.models.people import Member
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only, put_refusal
from members.pages.organisations import standing
from members.queries.roles import appointments_shown, asked_roles
from members.vocabulary import OrganisationRole

PAGE_SIZE = 50


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Roles in an organisation; whoever represents it gives them to members by their address."""
    actor = actor_of(request)
    found = organisation_for(actor, organisation_id)
    form = RoleForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        if not consume(request, action="give_role"):
            raise TooMany
        try:
            member = _member_at(actor, form.cleaned_data["email"])
            role = form.cleaned_data["role"]
            grant = RoleGrant(organisation=found.pk, member=member.pk, role=role)
            do_own(request, "role.grant", grant)
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s has the role now.") % {"name": member.name})
            return redirect("members:organisation_people", found.pk)
    rows = list(appointments_shown(actor, found))
    values = standing(actor, found) | {
        "organisation": found,
        "rows": rows,
        "asks": not any(row.member_id == actor.pk for row in rows),
        "form": form,
        "wish": RoleWishForm(label_suffix=""),
        "key": new_key(),
    }
    status = 422 if form.errors else 200
    return render(request, "members/organisation_people.html", values, status=status)


def _member_at(actor: Member, email: str) -> Member:
    member = visible_members(actor).filter(email=email.lower()).first()
    if member is None:
        raise Invalid(fields={"email": [_("No member has this address.")]})
    return member


@members_only
@require_POST
def ask(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Ask for a role oneself."""
    form = RoleWishForm(request.POST)
    role = form.cleaned_data["role"] if form.is_valid() else OrganisationRole.EDITOR
    do_own(request, "role.ask", RoleAsk(organisation=organisation_id, role=role))
    messages.success(request, _("Those who represent the organisation see your wish."))
    return redirect("members:organisation_people", organisation_id)


@members_only
@require_POST
def decide(request: HttpRequest, organisation_id: int, member_id: int) -> HttpResponse:
    """Grant what a member asked for, or end a role."""
    role = request.POST.get("grant")
    try:
        if role:
            grant = RoleGrant(organisation=organisation_id, member=member_id, role=role)
            do_own(request, "role.grant", grant)
            messages.success(request, _("The role is granted."))
        else:
            do_own(request, "role.end", RoleEnd(organisation=organisation_id, member=member_id))
            messages.success(request, _("The role has ended."))
    except (Invalid, Conflict) as refusal:
        messages.error(request, str(refusal.detail))
    except NotFound:
        messages.info(request, _("This was decided already."))
    if request.POST.get("from") == "staff":
        return redirect("members:staff_roles")
    return redirect("members:organisation_people", organisation_id)


@members_only
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """All wishes for roles, oldest first: staff decide where nobody represents an organisation."""
    require_staff(actor_of(request))
    page = Paginator(asked_roles(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "members/staff_roles.html", {"page": page, "key": new_key()})
