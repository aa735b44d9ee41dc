"""Which language a message is in, and which ones one reads: plain forms."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from base.ids import new_key
from base.languages import SITE_LANGUAGES
from chat.events.languages import ChooseLanguages, MarkMessage
from chat.forms.languages import LanguagesForm
from chat.pages.door import do, to_message
from chat.queries.languages import languages_read
from members.pages.actor import actor_of
from members.pages.door import members_only


@members_only
@require_POST
def mark(request: HttpRequest, channel_id: int, message_id: int) -> HttpResponse:
    """Say which language one's own message is in."""
    data = MarkMessage(id=message_id, language=request.POST.get("language", ""))
    do(request, "message.mark", f"chat:{channel_id}", data)
    return to_message(channel_id, message_id)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The languages that one reads; posting keeps the choice."""
    member = actor_of(request)
    now = languages_read(member)
    known = [*SITE_LANGUAGES, *(tag for tag in now.reads if tag not in SITE_LANGUAGES)]
    initial = {"reads": now.reads, "others": now.others}
    form = LanguagesForm(request.POST or None, known=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = ChooseLanguages(**form.cleaned_data)
        do(request, "languages.choose", f"member:{member.pk}", data)
        messages.success(request, _("Your languages are kept."))
        return redirect("chat:languages")
    values = {"form": form, "key": new_key()}
    return render(request, "chat/languages.html", values, status=422 if form.errors else 200)
