"""Reads of files."""

from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet

from files.access import own_accounts, quota_of
from files.actions import refusal_of
from files.events import AccountUse, FileCard, Upload
from files.models import Account, File
from files.rules import PLAYED
from files.vocabulary import CHUNK_BYTES, State


def card_of(file: File, alt: str | None = None) -> FileCard:
    """A ready file in the shape of the wire, with the words of its place. No query."""
    return FileCard(
        id=str(file.pk),
        name=file.name,
        type=file.content_type,
        size_bytes=file.size_bytes,
        width=file.width,
        height=file.height,
        alt=file.alt if alt is None else alt,
        url=f"/files/{file.pk}/{quote(file.name, safe='')}",
        thumbnail=f"/files/{file.pk}/thumbnail/" if file.is_picture else None,
        plays=file.content_type in PLAYED,
    )


def upload_of(file: File) -> Upload:
    """An upload as its owner sees it, in the active language. No query."""
    error = None
    if file.state == State.REFUSED:
        refusal = refusal_of(file)
        error = {"code": refusal.code, "detail": str(refusal.detail)}
    return Upload(
        id=str(file.pk),
        name=file.name,
        state=file.state,
        offset=file.received_bytes,
        length=file.announced_bytes,
        chunk_bytes=CHUNK_BYTES,
        account=file.account_id,
        alt=file.alt,
        error=error,
        file=card_of(file) if file.state == State.READY else None,
    )


def loose_files(actor: Any) -> QuerySet[File]:
    """One's own files that belong to nothing yet, the newest first."""
    return File.objects.filter(owner=actor, place="").exclude(state=State.GONE)


def account_uses(actor: Any) -> list[AccountUse]:
    """The member's accounts and what they have taken, the usual one first. One query of ours."""
    names = own_accounts(actor)
    used = dict(Account.objects.filter(pk__in=names).values_list("pk", "used_bytes"))
    return [
        AccountUse(account=name, used_bytes=used.get(name, 0), quota_bytes=quota_of(name))
        for name in names
    ]
