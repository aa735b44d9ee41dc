"""Plain forms of a member's own order: how one has a channel, and one's sections."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chat.access import channel_for
from chat.events.places import DropSection, PlaceChannel, SaveSection
from chat.pages.door import around, attempt
from chat.vocabulary import Level
from live.api import place_of
from members.pages.door import members_only


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, channel_id: int) -> HttpResponse:
    """How one wants to have a channel: favourite, muted, what notifies, where it stands."""
    found = channel_for(request.user, channel_id)
    if request.method == "POST":
        said = request.POST
        section, position = said.get("section", ""), said.get("position", "")
        data = PlaceChannel(
            is_favourite="is_favourite" in said,
            is_muted="is_muted" in said,
            level=said.get("level"),
            section=int(section) if _is_number(section) else 0,
            position=int(position) if _is_number(position) else 0,
        )
        return _try(request, "channel.place", found.topic, data, f"/chat/{channel_id}/")
    values = around(request, found) | {
        "can": place_of(request.user, found.topic).reach.can,
        "levels": Level.choices,
    }
    return render(request, "chat/place.html", values)


@members_only
@require_POST
def save_section(request: HttpRequest) -> HttpResponse:
    """Make a section, or (``id``) rename or move one."""
    number, position = request.POST.get("id", ""), request.POST.get("position", "")
    data = SaveSection(
        name=request.POST.get("name", ""),
        id=int(number) if _is_number(number) else None,
        position=int(position) if _is_number(position) else None,
    )
    topic = f"member:{request.user.pk}"
    return _try(request, "section.save", topic, data, request.POST.get("back", ""))


@members_only
@require_POST
def drop_section(request: HttpRequest, section_id: int) -> HttpResponse:
    """Take a section away."""
    topic = f"member:{request.user.pk}"
    data = DropSection(id=section_id)
    return _try(request, "section.drop", topic, data, request.POST.get("back", ""))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004 - enough


def _try(
    request: HttpRequest,
    cmd: str,
    topic: str,
    data: PlaceChannel | SaveSection | DropSection,
    back: str,
) -> HttpResponse:
    """Run the command and come back into the chat; what it refuses for its values is said."""
    attempt(request, cmd, topic, data)
    is_ours = back.startswith("/chat/") and "\\" not in back
    return redirect(back if is_ours else "chat:channels")
