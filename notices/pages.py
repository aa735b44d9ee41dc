"""The list of one's notifications and their settings: forms that work without a script."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles.finders import find
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.errors import Conflict, Invalid, NotFound
from base.ids import new_key, parse_id, parse_key
from live.performing import perform, perform_form
from members.access import consents
from members.pages.actor import actor_of
from members.pages.door import members_only, put_refusal
from members.vocabulary import Purpose
from notices import vapid
from notices.actions.pushing import unsubscribe as drop
from notices.events import DismissNotices, ReadNotices
from notices.forms import SettingsForm
from notices.kinds import kinds
from notices.letters import read_token
from notices.models import Preferences
from notices.queries import (
    browsers,
    grouped,
    members_to_tell,
    notice_page,
    preferences_of,
    settings_now,
    without,
)
from notices.vocabulary import Way

WORKER = "service-worker.js"
# Browsers take these for safe without HTTPS.
LOOPBACK = frozenset({"localhost", "127.0.0.1"})


@members_only
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """One's notifications, the newest first; ``?show=unread`` only those."""
    unread = request.GET.get("show") == "unread"
    page = notice_page(actor_of(request), before=_before(request), unread=unread)
    groups = grouped(page.shown)
    values = {
        "groups": groups,
        "has_unread": any(not group.is_read for group in groups),
        "newest": max((pk for group in groups for pk in group.ids), default=0),
        "before": page.before,
        "is_first": "before" not in request.GET,
        "unread": unread,
        "key": new_key(),
    }
    return render(request, "notices/list.html", values)


@members_only
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark some as read (``ids``), or all up to one (``up_to``)."""
    up_to = _numbers(request, "up_to")
    data = ReadNotices(ids=_numbers(request, "ids"), up_to=up_to[0] if up_to else None)
    _do(request, "notice.read", data)
    return redirect("notices:list")


@members_only
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Take some off the list (``ids``)."""
    _do(request, "notice.dismiss", DismissNotices(ids=_numbers(request, "ids")))
    return redirect("notices:list")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """What one hears of, how and when."""
    member = actor_of(request)
    chosen = preferences_of(member)
    ways = settings_now(chosen).ways
    if request.method == "POST":
        form = SettingsForm(request.POST, initial=_initial(chosen), ways=ways)
        if form.is_valid():
            try:
                _do(request, "notice.configure", form.change())
            except (Invalid, Conflict) as refusal:
                put_refusal(form, refusal)
            else:
                messages.success(request, _("Your settings are saved."))
                return redirect("notices:settings")
    else:
        form = SettingsForm(initial=_initial(chosen), ways=ways)
    values = {
        "form": form,
        "ways": list(Way),
        "key": new_key(),
        "consents": consents(member, Purpose.DIGEST),
        "browsers": browsers([member.pk]),
        "is_secure": request.is_secure() or request.get_host().partition(":")[0] in LOOPBACK,
        "push_key": vapid.public_key(),
    }
    return render(request, "notices/settings.html", values, status=422 if form.errors else 200)


@members_only
@require_POST
def drop_browser(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Have a browser take no more push messages."""
    drop(actor=actor_of(request), subscription_id=subscription_id)
    return redirect("notices:settings")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows push messages; its address says that it is for the whole site.

    Raises:
        NotFound: the front end is not built.
    """
    path = find(WORKER)
    if not isinstance(path, str):
        raise NotFound
    script = Path(path).read_bytes()
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End mails of a sort, without signing in: a mail program posts here (RFC 8058).

    The token is in the mail alone. A visit only asks, since programs visit links by themselves.
    """
    wanted = read_token(token)
    member = members_to_tell([wanted.member_id]).get(wanted.member_id) if wanted else None
    if wanted is None or member is None:
        raise NotFound
    if request.method == "POST":
        change = without(member, wanted.way, wanted.kinds)
        topic = f"member:{member.pk}"
        perform(actor=member, cmd="notice.configure", topic=topic, data=change)
    values = {
        "is_digest": wanted.way == Way.DIGEST,
        "is_done": request.method == "POST",
        "labels": [kinds()[name].label for name in wanted.kinds if name in kinds()],
    }
    return render(request, "notices/unsubscribe.html", values)


def _initial(chosen: Preferences) -> dict[str, Any]:
    return {
        "is_on": not chosen.is_off,
        "quiet_from": chosen.quiet_from,
        "quiet_to": chosen.quiet_to,
        "digest": chosen.digest,
        "digest_day": chosen.digest_day,
        "digest_hour": chosen.digest_hour,
        "push_says": chosen.push_says,
    }


def _do(request: HttpRequest, cmd: str, data: Any) -> None:
    actor = actor_of(request)
    key = parse_key(request.POST.get("key"))
    perform_form(actor=actor, cmd=cmd, topic=f"member:{actor.pk}", data=data, key=key)


def _numbers(request: HttpRequest, name: str) -> list[int]:
    """The ids in a field of a form, cut at spaces.

    Raises:
        NotFound: one of them is no id.
    """
    return [_id(word) for word in request.POST.get(name, "").split()]


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return _id(text) if text else None


def _id(text: str) -> int:
    number = parse_id(text)
    if number is None:
        raise NotFound
    return number
