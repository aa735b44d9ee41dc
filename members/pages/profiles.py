"""One's own profile in the settings, anybody's page, and their pictures."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from base.errors import Conflict, Invalid, NotFound
from base.ids import new_key
from members.access import can_suspend, consents, visible_members
from members.actions.details import change_picture
from members.events import ProfileChange
from members.forms.settings import (
    FIELD_OF_FORM,
    LanguagesForm,
    PictureForm,
    SettingsForm,
    settings_values,
)
from members.pages.actor import actor_of
from members.pages.door import do_own, put_refusal
from members.pictures import CONTENT_TYPE, Size, picture_path
from members.queries import interface_languages, profile_now, profile_of, site_settings
from members.queries.profiles import may_see, picture_of
from members.vocabulary import Purpose

PICTURE_AGE_S = 24 * 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Change one's profile, who sees it, and the language of the site."""
    now = profile_now(actor_of(request))
    offered = interface_languages(site_settings())
    if request.method != "POST":
        form = SettingsForm(initial=settings_values(now), languages=offered)
        return _account_page(request, form)
    form = SettingsForm(request.POST, initial=settings_values(now), languages=offered)
    if form.is_valid():
        try:
            do_own(request, "profile.change", form.change())
        except Invalid as refusal:
            for name, problems in refusal.fields.items():
                field = FIELD_OF_FORM.get(name, name)
                form.add_error(field, [str(problem) for problem in problems])
        except Conflict as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("members:account")
    return _account_page(request, form, status=422)


def _account_page(request: HttpRequest, form: SettingsForm, status: int = 200) -> HttpResponse:
    return render(request, "members/account.html", {"form": form, "key": new_key()}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def languages(request: HttpRequest) -> HttpResponse:
    """Change which languages one speaks, how well, and who sees it."""
    now = profile_now(actor_of(request))
    form = LanguagesForm(request.POST if request.method == "POST" else None, now=now)
    if request.method == "POST" and form.is_valid():
        do_own(request, "profile.change", form.change())
        messages.success(request, _("Your languages are saved."))
        return redirect("members:languages")
    values = {"form": form, "key": new_key()}
    return render(request, "members/languages.html", values, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_picture(request: HttpRequest) -> HttpResponse:
    """Send or remove one's picture, and say who sees it."""
    member = actor_of(request)
    now = profile_now(member)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PictureForm(*sent, now=now)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["audience"] and data["audience"] != now.details.audiences["picture"]:
            change = ProfileChange(audiences={"picture": data["audience"]})
            do_own(request, "profile.change", change)
        if data["picture"] is not None or data.get("drop_picture"):
            change_picture(actor=member, sent=data["picture"])
        messages.success(request, _("Your profile is saved."))
        return redirect("members:own_picture")
    values = {"form": form, "key": new_key(), "shown": profile_of(member, member.pk)}
    return render(request, "members/picture.html", values, status=422 if form.errors else 200)


@require_safe
def picture(request: HttpRequest, member_id: int, digest: str, size: int) -> HttpResponse:
    """A member's picture, for whom it is for; another digest than the present one is gone."""
    member = visible_members(request.user).filter(pk=member_id).first()
    if member is None or size not in {int(each) for each in Size}:
        raise NotFound
    if not may_see(request.user, member, "picture") or picture_of(member) != digest:
        raise NotFound
    storage, path = storages["files"], picture_path(member_id, digest, Size(size))
    if not storage.exists(path):
        raise NotFound
    with storage.open(path, "rb") as file:
        response = HttpResponse(file.read(), content_type=CONTENT_TYPE)
    # The address changes with the picture; who may see it changes without, so not for ever.
    response.headers["Cache-Control"] = f"private, max-age={PICTURE_AGE_S}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def profile(request: HttpRequest, member_id: int) -> HttpResponse:
    """One member's page: to everybody what is for everyone."""
    if not request.user.is_authenticated:
        try:
            shown = profile_of(request.user, member_id)
        except NotFound:
            # The same for what is hidden and what is not there.
            return redirect_to_login(request.get_full_path())
    else:
        shown = profile_of(request.user, member_id)
    values = {
        "shown": shown,
        "member": shown.member,
        "may_suspend": can_suspend(request.user, shown.member),
        "in_directory": shown.member != request.user or consents(shown.member, Purpose.DIRECTORY),
    }
    return render(request, "members/profile.html", values)
