"""Pages of organisations: one's page, its making, its editing, its logo."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Conflict, Forbidden, Invalid
from base.ids import new_key
from members.access.organisations import (
    Acting,
    editing,
    organisation_for,
    role_in,
)
from members.access.people import Actor, is_member, is_staff
from members.actions.organisations import change_logo
from members.forms.organisations import LogoForm, OrganisationForm
from members.models.organisations import Organisation
from members.models.people import Member
from members.organisation_parts import ORGANISATION
from members.pages.actor import actor_of
from members.pages.door import do_own, members_only, put_refusal
from members.queries import profiles_for
from members.queries.accompaniments import accompaniments_of, possible_sides
from members.queries.organisations import people_of, text_for, with_details
from members.sectors import in_order

PAGE_SIZE = 30


@require_safe
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """An organisation's page: to strangers what is public, to members its people as well."""
    actor: Actor = request.user
    found = _detailed(organisation_for(actor, organisation_id))
    texts = list(found.texts.all())
    shown = next(
        (text for text in texts if text.language == request.GET.get("language")), None
    ) or text_for(texts, _wanted(actor))
    values: dict[str, Any] = {
        "organisation": found,
        "sectors": in_order(row.code for row in found.sectors.all()),
        "languages": [row.language for row in found.languages.all()],
        "text": shown,
        "texts": texts,
        "parts": ORGANISATION.shown(actor, found),
    }
    if is_member(actor):
        people = Paginator(people_of(actor, found), PAGE_SIZE).get_page(request.GET.get("page"))
        holding = accompaniments_of(found).holding()
        values |= standing(actor, found) | {
            "people": people,
            "shown_people": profiles_for(actor, list(people)),
            "accompanied_by": holding,
            "beginnings": possible_sides(actor, found),
            "key": new_key(),
        }
        values["asks"] = not values["role"] and actor.organisation_id == found.pk
    return render(request, "members/organisation.html", values)


def standing(actor: Member, organisation: Organisation) -> dict[str, Any]:
    """Return what pages show of what the actor may do for an organisation."""
    role = role_in(actor, organisation)
    return {
        "role": role,
        "decides": role == "representative" or is_staff(actor),
        "acting": _acting(actor, organisation),
    }


def _acting(actor: Member, organisation: Organisation) -> Acting | None:
    try:
        return editing(actor, organisation)
    except Forbidden:
        return None


def _detailed(organisation: Organisation) -> Organisation:
    return with_details(Organisation.objects.filter(pk=organisation.pk)).get()


def _wanted(actor: Actor) -> list[str]:
    """The languages in which a reader likes to read, the interface's first."""
    spoken = list(actor.languages) if isinstance(actor, Member) else []
    return [get_language() or "en", *spoken]


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make an organisation; whoever makes it represents it."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = do_own(request, "organisation.create", form.creation())
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The organisation is there. You represent it."))
            return redirect("members:organisation", done["id"])
    status = 422 if form.errors else 200
    values = {"form": form, "key": new_key()}
    return render(request, "members/organisation_form.html", values, status=status)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Change an organisation's page, for oneself or for whom one accompanies."""
    actor = actor_of(request)
    found = _detailed(organisation_for(actor, organisation_id))
    acting = editing(actor, found)
    form = OrganisationForm(request.POST or None, organisation=found)
    if request.method == "POST" and form.is_valid():
        try:
            do_own(request, "organisation.change", form.change(found.pk))
        except (Invalid, Conflict) as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The page is saved."))
            return redirect("members:organisation", found.pk)
    return _edit_page(request, acting, form, LogoForm(label_suffix=""))


@members_only
@require_POST
def logo(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Give an organisation a logo, or take it away."""
    actor = actor_of(request)
    found = _detailed(organisation_for(actor, organisation_id))
    acting = editing(actor, found)
    picture = None
    if "drop" not in request.POST:
        form = LogoForm(request.POST, request.FILES, label_suffix="")
        if not form.is_valid():
            return _edit_page(request, acting, OrganisationForm(organisation=found), form)
        picture = form.cleaned_data["logo"]
    change_logo(actor=actor, organisation_id=found.pk, picture=picture)
    messages.success(request, _("The logo is saved.") if picture else _("The logo is gone."))
    return redirect("members:organisation_edit", found.pk)


def _edit_page(
    request: HttpRequest, acting: Acting, form: OrganisationForm, logo_form: LogoForm
) -> HttpResponse:
    values = {
        "organisation": acting.organisation,
        "acting": acting,
        "role": acting.role,
        "form": form,
        "logo_form": logo_form,
        "key": new_key(),
    }
    status = 422 if form.errors or logo_form.errors else 200
    return render(request, "members/organisation_form.html", values, status=status)
