"""Copies of large rooms: asked for, and fetched by who asked."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from base.errors import NotFound, TooMany
from chat.access import copy_for
from chat.actions.copies import ask_for_copy, copy_path
from chat.models import RoomCopy
from chat.pages.export import FORMS, file_name
from chat.vocabulary import CopyForm
from members.pages.actor import actor_of
from members.pages.door import members_only


@members_only
@require_POST
def ask(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Have a copy of a room made."""
    form = CopyForm.JSON if request.POST.get("form") == CopyForm.JSON else CopyForm.MARKDOWN
    try:
        ask_for_copy(actor=actor_of(request), channel_id=channel_id, form=form)
    except TooMany as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("The copy is being made. You get a notice when it is there."))
    return redirect("chat:edit", channel_id)


@members_only
@never_cache
@require_safe
def fetch(request: HttpRequest, channel_id: int, copy_id: int) -> HttpResponseBase:
    """Give a finished copy to who asked for it."""
    return copy_answer(copy_for(actor_of(request), channel_id, copy_id))


def copy_answer(row: RoomCopy) -> HttpResponseBase:
    """The file of a copy as a download.

    Raises:
        NotFound: it is being made still.
    """
    path = copy_path(row)
    if row.made_at is None or not path.exists():
        raise NotFound
    _write, content_type, ending = FORMS[row.form]
    answer = FileResponse(path.open("rb"), as_attachment=True, content_type=content_type)
    answer.headers["Content-Disposition"] = file_name(row.channel, ending)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
