"""Pages: front and home, about, the library, what the operator writes, arrival."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from base.errors import Invalid
from base.languages import SITE_LANGUAGES, language_name
from front.access import known_kind, require_staff
from front.actions import choose_partners, take_step, write_text
from front.forms import PartnersForm, TextForm
from front.parts import HOME, STRANGERS
from front.queries import (
    ResultFilter,
    asked_results,
    found_results,
    partners,
    result_facets,
    site_text,
    steps_to_go,
    written_texts,
)
from front.steps import arrival_steps
from front.vocabulary import StepState, TextKind
from members.access import is_member
from members.pages.actor import actor_of
from members.queries import interface_languages, site_settings

PAGE_SIZE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page for strangers; home for members."""
    if not is_member(request.user):
        parts = STRANGERS.shown(request)
        return render(request, "front/strangers.html", {"parts": parts})
    values = {"parts": HOME.shown(request), "steps": steps_to_go(request.user)}
    return render(request, "front/members.html", values)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the site is, and who runs it."""
    values = {"text": site_text(TextKind.ABOUT), "partners": partners()}
    return render(request, "front/about.html", values)


@require_safe
def text(request: HttpRequest, kind: str) -> HttpResponse:
    """Imprint, privacy, terms: in the reader's language, or in the one there is."""
    known = known_kind(kind)
    return render(request, "front/text.html", {"kind": known, "text": site_text(known)})


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The public library, by kind, theme, country and language."""
    wanted = asked_results(request.GET)
    page = Paginator(found_results(wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    values = {
        "page": page,
        "facets": result_facets(wanted),
        "is_filtered": wanted != ResultFilter(),
        "query": query.urlencode(),
    }
    return render(request, "front/results.html", values)


@login_required
@require_safe
def arrival(request: HttpRequest) -> HttpResponse:
    """Where a newcomer begins: the first step to go, or home after the last."""
    to_go = {step.name for step in steps_to_go(actor_of(request))}
    for step in arrival_steps():
        if step.name in to_go:
            return redirect(step.url)
    return redirect("home")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step of the arrival: done, or skipped without a word."""
    member = actor_of(request)
    steps = arrival_steps()
    place = next((place for place, each in enumerate(steps) if each.name == name), None)
    if place is None:
        raise Http404
    current, following = steps[place], [*steps, None][place + 1]
    if current.form is None:
        raise Http404
    onward = redirect(following.url) if following else redirect("home")
    if request.method != "POST":
        form, status = current.form(member=member), 200
    elif "skip" in request.POST:
        take_step(actor=member, step=name, state=StepState.SKIPPED)
        return onward
    else:
        form, status = current.form(request.POST, member=member), 422
        if form.is_valid():
            try:
                form.save()
            except Invalid as refusal:
                for field, problems in refusal.fields.items():
                    known = field if field in form.fields else None
                    form.add_error(known, [str(problem) for problem in problems])
            else:
                take_step(actor=member, step=name, state=StepState.DONE)
                return onward
    values = {"step": current, "form": form, "place": place + 1, "steps": steps}
    return render(request, "front/step.html", values, status=status)


@login_required
@require_safe
def staff_texts(request: HttpRequest) -> HttpResponse:
    """Which texts exist in which language."""
    require_staff(actor_of(request))
    written = written_texts()
    languages = interface_languages(site_settings())
    rows = [
        (kind, [(code, name, written.get((kind.value, code))) for code, name in languages])
        for kind in TextKind
    ]
    return render(request, "front/staff_texts.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def staff_text(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Write one text in one language."""
    actor = actor_of(request)
    require_staff(actor)
    known = known_kind(kind)
    if language not in SITE_LANGUAGES:
        raise Http404
    current = written_texts().get((known.value, language))
    form = TextForm(request.POST or None, initial={"text": current.text if current else ""})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                write_text(
                    actor=actor, kind=known, language=language, text=form.cleaned_data["text"]
                )
            except Invalid as refusal:
                form.add_error("text", str(refusal.detail))
            else:
                messages.success(request, _("The text is saved."))
                return redirect("front:staff_texts")
    values = {"form": form, "kind": known, "language": language_name(language), "tag": language}
    return render(request, "front/staff_text.html", values, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def staff_partners(request: HttpRequest) -> HttpResponse:
    """Choose who runs the site together."""
    actor = actor_of(request)
    require_staff(actor)
    current = partners()
    chosen = {
        "partners": [each.organisation_id for each in current],
        "lead": next((each.organisation_id for each in current if each.is_lead), None),
    }
    form = PartnersForm(request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        choose_partners(
            actor=actor,
            organisations=form.cleaned_data["partners"],
            lead=form.cleaned_data["lead"],
        )
        messages.success(request, _("The partners are saved."))
        return redirect("front:about")
    status = 422 if request.method == "POST" else 200
    return render(request, "front/staff_partners.html", {"form": form}, status=status)
