"""What is kept of a member's files: those that a place shows follow the member's choice.

The places above take away what they show before; what is left here is nobody's but the owner's.
"""

from collections.abc import Iterator
from uuid import UUID

from django.core.files.storage import storages

from base.clock import now
from base.personal import (
    ANONYMISED,
    CHOSEN,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_file,
    as_json,
    kept,
    register_holdings,
    update_all,
)
from files.actions import remove_files
from files.models import Account, File
from files.vocabulary import State

AT_ONCE = 20


def export(member_id: int) -> Iterator[ExportFile]:
    """One's files as they are kept, and what is known of them."""
    own = File.objects.filter(owner_id=member_id).exclude(state=State.GONE).order_by("created_at")
    columns = ("id", "name", "content_type", "size_bytes", "alt", "state", "created_at")
    yield as_json("files/files.json", own.values(*columns).iterator())
    for file in own.filter(state=State.READY).iterator():
        yield as_file(f"files/{file.pk}/{_safe(file.name)}", storages["files"], file.stored)


def _safe(name: str) -> str:
    """A name that is one step of a path."""
    return name.replace("/", "_").replace("\\", "_").strip(". ") or "file"


def erase(member_id: int, texts: Texts) -> Iterator[None]:
    """Delete what nothing shows, and with `take` the rest; what is left has no owner."""
    own = File.objects.filter(owner_id=member_id)
    doomed = own if texts == Texts.TAKE else own.exclude(state=State.READY, place__gt="")
    while ids := list[UUID](doomed.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        File.objects.filter(pk__in=ids).update(state=State.GONE, changed_at=now())
        remove_files(list(File.objects.filter(pk__in=ids)))
        yield
    yield from update_all(own, owner=None, key=None)
    Account.objects.filter(name=f"member:{member_id}", files=None).delete()


register_holdings(
    Holdings(
        name="files.files",
        columns={
            "files.Account.name": kept("an organisation or a member by number"),
            "files.File.owner": ANONYMISED,
            "files.File.name": CHOSEN,
            "files.File.content_type": CHOSEN,
            "files.File.sha256": CHOSEN,
            "files.File.alt": CHOSEN,
            "files.File.reason": ERASED,
            "files.File.place": kept("the kind of place, from a closed list"),
        },
        export=export,
        erase=erase,
    )
)
