"""Arrival: the first run of an instance, an invitation's link, waiting for approval."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from base.errors import Conflict, Invalid
from members.actions import set_up_site
from members.forms import INVITATION_SESSION_KEY, SetUpForm
from members.queries import is_first_run, site_settings, usable_invitation


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Set up a new instance and sign its first member of staff in; then gone for good."""
    if not is_first_run():
        return redirect("home")
    if request.method != "POST":
        return _setup_page(request, SetUpForm(site=site_settings()))
    form = SetUpForm(request.POST, request.FILES, site=site_settings())
    if not form.is_valid():
        return _setup_page(request, form, status=422)
    data = form.cleaned_data
    try:
        member = set_up_site(
            choices=form.choices(),
            name=data["name"],
            email=data["email"],
            password=data["password"],
            code=data.get("code", ""),
        )
    except Invalid as refusal:
        for field, problems in refusal.fields.items():
            form.add_error(field, [str(problem) for problem in problems])
        return _setup_page(request, form, status=422)
    except Conflict as refusal:
        messages.error(request, str(refusal.detail))
        return redirect("account_login")
    get_adapter().login(request, member)
    messages.success(request, _("Your site is set up. Welcome!"))
    return redirect("home")


def _setup_page(request: HttpRequest, form: SetUpForm, status: int = 200) -> HttpResponse:
    values = {"form": form, "needs_code": bool(settings.SETUP_CODE)}
    return render(request, "members/setup.html", values, status=status)


@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Keep an invitation in the session and go on to the sign-up page."""
    found = usable_invitation(token)
    if found is None:
        return render(request, "members/invitation_over.html", status=410)
    if request.user.is_authenticated:
        messages.info(request, _("You have an account already."))
        return redirect("home")
    request.session[INVITATION_SESSION_KEY] = token
    query = {"email": found.email} if found.email else None
    return redirect(reverse("account_signup", query=query))


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Tell somebody that staff have yet to approve the account."""
    return render(request, "members/waiting.html")
