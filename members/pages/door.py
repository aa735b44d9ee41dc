"""What pages of organisations do alike: let in, take the form's key, run the command."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from base.errors import NotFound, Refusal
from base.ids import parse_key
from live.performing import perform_form
from members.access.people import is_member

View = Callable[..., HttpResponseBase]


def members_only(view: View) -> View:
    """A page for full members; others sign in, guests find nothing."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_member(request.user):
            raise NotFound
        return view(request, *args, **kwargs)

    return wrapped


def do_own(request: HttpRequest, cmd: str, data: msgspec.Struct) -> dict[str, Any]:
    """Run a command of one's own topic under the key that the form carries."""
    return perform_form(
        actor=request.user,
        key=parse_key(request.POST.get("key")),
        cmd=cmd,
        topic=f"member:{request.user.pk}",
        data=data,
    )


def put_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Say at a form's fields what ails; what has no field here stands above the form."""
    for name, problems in refusal.fields.items():
        form.add_error(name if name in form.fields else None, [str(each) for each in problems])
    if not refusal.fields:
        form.add_error(None, str(refusal.detail))
