"""Pages about looking after a channel: its people and roles, the archive, links, the export."""

from collections.abc import Collection

import msgspec
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Forbidden, Refusal, TooMany
from chat.access import channel_for, usable_link
from chat.actions.invitations import find_hidden
from chat.events import NameMember
from chat.events.keeping import ArchiveChannel, ChangeRole, EnterByLink, MakeLink, RevokeLink
from chat.forms.channels import AddMemberForm
from chat.models import Channel
from chat.pages.door import around, attempt, complain, do
from chat.queries.people import links_of, people_of
from chat.tasks import invite_member
from chat.vocabulary import MAX_LINK_DAYS, Role
from live.api import place_of
from live.limits import writes
from members.access import visible_members
from members.pages.actor import actor_of
from members.pages.door import members_only
from members.queries import member_card

PEOPLE_A_PAGE = 100
DAYS = (1, 7, 14, 30, MAX_LINK_DAYS)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Who is in a channel, searched by name and role; posting adds somebody by e-mail address.

    Who does not stand in the directory is invited without a word of whether they are here.
    """
    found = channel_for(request.user, channel_id)
    place = place_of(request.user, found.topic)
    can = place.reach.can
    form = AddMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        member = visible_members(request.user).filter(email=email).first()
        if member is None:
            _invite(request, found, email, can)
            return redirect("chat:members", channel_id)
        try:
            do(request, "member.add", found.topic, NameMember(member=member.pk))
        except Refusal as refusal:
            complain(form, refusal)
        else:
            return redirect("chat:members", channel_id)
    search, role = request.GET.get("q", "").strip()[:100], request.GET.get("role", "")
    role = role if role in Role.values else ""
    rows = people_of(found, search=search, role=role)
    page = Paginator(rows, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    people = [
        {"member": member_card(row.member), "role": row.role, "label": row.get_role_display()}
        for row in page
    ]
    query = request.GET.copy()
    query.pop("page", None)
    frame = around(request, found)
    values = frame | {
        "can": can,
        "position": {"epoch": frame["member_position"]["epoch"], "seq": place.head.seq},
        "people": people,
        "page": page,
        "query": query.urlencode(),
        "search": search,
        "role": role,
        "roles": [choice for choice in Role.choices if choice[0] != Role.OUT],
        "links": list(links_of(found)) if "link.make" in can else [],
        "link_days": DAYS,
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "form": form if "member.add" in can else None,
        "errors": [],
    }
    return render(request, "chat/members.html", values, status=422 if form.errors else 200)


@members_only
@require_POST
def change_role(request: HttpRequest, channel_id: int, member_id: int) -> HttpResponse:
    """Give somebody another role."""
    data = ChangeRole(member=member_id, role=request.POST.get("role", ""))
    return _try(request, channel_id, "member.role", data, "chat:members")


@members_only
@require_POST
def archive(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Close a channel for new messages, or open it again (``off``)."""
    data = ArchiveChannel(on="off" not in request.POST)
    return _try(request, channel_id, "channel.archive", data, "chat:channel")


@members_only
@require_POST
def make_link(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Make a link that lets members in."""
    days = request.POST.get("days", "")
    data = MakeLink(
        role=request.POST.get("role", Role.MEMBER),
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,  # noqa: PLR2004 - days
    )
    return _try(request, channel_id, "link.make", data, "chat:members")


@members_only
@require_POST
def revoke_link(request: HttpRequest, channel_id: int, link_id: int) -> HttpResponse:
    """Let a link let nobody in any more."""
    return _try(request, channel_id, "link.revoke", RevokeLink(id=link_id), "chat:members")


def _invite(request: HttpRequest, channel: Channel, email: str, can: Collection[str]) -> None:
    """Have a job invite whoever has this address; the answer is the same where nobody has."""
    if "member.add" not in can:
        raise Forbidden
    actor = actor_of(request)
    if not writes.take(actor.pk):
        raise TooMany
    invite_member.enqueue(actor.pk, channel.pk, find_hidden(email))
    messages.success(
        request,
        _("Nobody in the directory has this address. If it is a member's, they are invited."),
    )


def _try(
    request: HttpRequest, channel_id: int, cmd: str, data: msgspec.Struct, back: str
) -> HttpResponse:
    """Run the command and come back; what it refuses for its values is said there."""
    attempt(request, cmd, channel_for(request.user, channel_id).topic, data)
    return redirect(back, channel_id)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Where a link leads: which room it is, and the way in."""
    if request.method == "POST":
        reply = do(request, "channel.enter", "", EnterByLink(token=token))
        return redirect("chat:channel", int(str(reply["topic"]).partition(":")[2]))
    link = usable_link(request.user, token)
    values = around(request) | {"channel": None, "room": link.channel, "link": link}
    return render(request, "chat/enter.html", values)


@members_only
@require_safe
def export(request: HttpRequest, channel_id: int) -> HttpResponseBase:
    """The whole channel as a file, for its owners: ``?as=json`` or Markdown."""
    from chat.pages.export import exported

    return exported(request, channel_id)
