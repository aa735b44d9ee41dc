"""The directory: who is here."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.forms import SearchForm
from members.pages.actor import actor_of
from members.queries import listed_members, member_countries

PAGE_SIZE = 30


@login_required
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Members by name, searched by name or organisation and by country."""
    actor = actor_of(request)
    form = SearchForm(request.GET, countries=member_countries(actor))
    # A country that nobody comes from is an old link: it is left out, not an error page.
    asked = form.cleaned_data if form.is_valid() else {}
    members = listed_members(actor, search=asked.get("q", ""), country=asked.get("country", ""))
    page = Paginator(members, PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "members/directory.html",
        {"form": form, "page": page, "query": query.urlencode(), "is_search": any(asked.values())},
    )
