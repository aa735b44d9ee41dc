"""What the chat keeps for a member alone: drafts, plans, bookmarks, threads, languages read."""

from collections.abc import Iterator

from base.personal import (
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
)
from chat.models import Bookmark, Draft, LanguageChoice, Scheduled, ThreadPlace


def export(member_id: int) -> Iterator[ExportFile]:
    """What one began to write, what waits for its time, what one wants to find again."""
    drafts = Draft.objects.filter(member_id=member_id).order_by("pk")
    yield as_json(
        "chat/drafts.json", drafts.values("channel_id", "thread_id", "text", "saved_at").iterator()
    )
    planned = Scheduled.objects.filter(member_id=member_id).order_by("pk")
    yield as_json(
        "chat/scheduled.json",
        planned.values("channel_id", "thread_id", "text", "due_at", "state").iterator(),
    )
    marks = Bookmark.objects.filter(member_id=member_id).order_by("pk")
    yield as_json("chat/bookmarks.json", marks.values("message_id", "at").iterator())
    reads = LanguageChoice.objects.filter(member_id=member_id)
    yield as_json("chat/languages.json", reads.values("reads", "others"))


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Delete all of it."""
    for model in (Draft, Scheduled, Bookmark, ThreadPlace, LanguageChoice):
        yield from delete_all(model._default_manager.filter(member_id=member_id))  # noqa: SLF001 - Django's documented name


register_holdings(
    Holdings(
        name="chat.unsent",
        columns={
            "chat.Draft.member": ERASED,
            "chat.Draft.text": ERASED,
            "chat.Scheduled.member": ERASED,
            "chat.Scheduled.text": ERASED,
            "chat.Scheduled.code": kept("a code from a closed list"),
            "chat.Bookmark.member": ERASED,
            "chat.ThreadPlace.member": ERASED,
            "chat.LanguageChoice.member": ERASED,
            "chat.LanguageChoice.reads": ERASED,
        },
        export=export,
        erase=erase,
    )
)
