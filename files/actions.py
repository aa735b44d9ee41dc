"""Writes about files: announcing, receiving, finishing, describing, attaching, sweeping.

An account's bytes are taken when an upload is announced, by one conditional statement, so two
uploads at once never exceed the quota together. Lock order: file, then account.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files import File as Content
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Invalid, KeyReused, NotFound, Refusal, TooLarge, TooMany
from base.text import clean_text
from files import parts, studio
from files.access import account_for, own_file, places, quota_of
from files.images import PictureTooLarge, UnreadablePicture
from files.limits import announcements
from files.models import Account, File
from files.rules import (
    HEAD_BYTES,
    PICTURES,
    clean_name,
    is_program,
    name_for,
    type_of,
)
from files.vocabulary import (
    MAX_ALT,
    MAX_CHUNK_BYTES,
    MAX_UNFINISHED,
    REFUSED_KEPT,
    SWEPT_AT_ONCE,
    UNATTACHED_KEPT,
    UNFINISHED_KEPT,
    State,
)


def announce_file(
    *,
    actor: Any,
    name: str,
    size_bytes: int,
    account: str = "",
    alt: str = "",
    key: uuid.UUID | None = None,
) -> File:
    """Say that a file is to come; its bytes count for the account from now on.

    The same key with the same name and size gives the same file again.

    Raises:
        Invalid: ``files.empty``, ``files.too_large``, ``files.type_refused``; an unknown account.
        Conflict: ``files.quota``, the account has not so much left; ``key.reused``.
        TooMany: ``files.too_many_unfinished``; ``rate.limited``.
    """
    clean_text(alt, MAX_ALT)
    name = clean_name(name)
    _check_size(size_bytes)
    if is_program(name, b""):
        raise _program()
    if key is not None and (known := File.objects.filter(owner=actor, key=key).first()):
        if (known.announced_bytes, known.name) != (size_bytes, name):
            raise KeyReused
        return known
    if not announcements.take(actor.pk):
        raise TooMany
    open_now = File.objects.filter(owner=actor, state=State.UPLOADING).count()
    if open_now >= MAX_UNFINISHED:
        detail = _("Finish or cancel other uploads first.")
        raise TooMany(code="files.too_many_unfinished", detail=detail, retry_after_s=60.0)
    account = account_for(actor, account)
    try:
        with transaction.atomic():
            _take(account, size_bytes)
            return File.objects.create(
                owner=actor,
                account_id=account,
                key=key,
                name=name,
                announced_bytes=size_bytes,
                alt=alt,
            )
    except IntegrityError:
        # The same announcement twice at once: the other was first.
        return File.objects.get(owner=actor, key=key)


def append_bytes(*, actor: Any, file_id: uuid.UUID, offset: int, source: parts.Source) -> File:
    """Add the next bytes of an upload; what completes it also finishes it.

    Bytes that came beyond the known offset do not count, so a part that was cut off is sent again
    from there. A part of nothing at the end finishes what was complete but not finished.

    Args:
        actor: Whose upload it is.
        file_id: Which.
        offset: Where the bytes belong, counted from 0.
        source: At most 4 MiB.

    Returns:
        The file, perhaps ready or refused (``reason`` says why).

    Raises:
        NotFound: no such upload of this actor.
        Conflict: ``files.offset``, with the right one; ``files.complete``; ``files.busy``.
        Invalid: ``files.too_long``, more bytes than were announced.
        TooLarge: more than 4 MiB at once.
    """
    own_file(actor, file_id)
    with parts.held(file_id) as part:
        file = own_file(actor, file_id)
        if file.state != State.UPLOADING:
            raise Conflict(code="files.complete", detail=_("This upload has ended already."))
        if offset != file.received_bytes:
            detail = _("The upload goes on at another place.")
            raise Conflict(code="files.offset", detail=detail, offset=file.received_bytes)
        left = file.announced_bytes - offset
        part.seek(offset)
        came = parts.copy(source, part, min(left, MAX_CHUNK_BYTES))
        if came > left:
            detail = _("More came than was announced.")
            raise Invalid(code="files.too_long", detail=detail)
        if came > MAX_CHUNK_BYTES:
            raise TooLarge
        part.flush()
        _write(file, received_bytes=offset + came)
        if file.received_bytes == file.announced_bytes:
            part.truncate(file.announced_bytes)
            _finish(file, part)
    return file


def take_file(
    *, actor: Any, name: str, size_bytes: int, content: parts.Source, alt: str = ""
) -> File:
    """Take a whole file at once, as a plain form sends it.

    Raises:
        Refusal: as :func:`announce_file`; and what is wrong with the content, then nothing stays.
    """
    file = announce_file(actor=actor, name=name, size_bytes=size_bytes, alt=alt)
    try:
        with parts.held(file.pk) as part:
            parts.copy(content, part, size_bytes)
            part.flush()
            _finish(file, part)
        if file.state == State.REFUSED:
            raise refusal_of(file)
    except Refusal:
        drop_file(actor=actor, file_id=file.pk)
        raise
    return file


def refusal_of(file: File) -> Refusal:
    """What was wrong with a file that was refused."""
    if file.reason == PictureTooLarge.code:
        return PictureTooLarge()
    return UnreadablePicture() if file.reason == UnreadablePicture.code else _program()


def describe_file(*, actor: Any, file_id: uuid.UUID, alt: str) -> File:
    """Say what a picture shows, for those who do not see it.

    Raises:
        NotFound: no such file of this actor.
        Conflict: ``files.attached``; the place where it is says it now.
        Invalid: ``text.too_long``, ``text.unreadable``.
    """
    clean_text(alt, MAX_ALT)
    with transaction.atomic():
        file = _locked(actor, file_id)
        file.alt = alt
        file.save(update_fields=["alt"])
    return file


def drop_file(*, actor: Any, file_id: uuid.UUID) -> None:
    """Cancel an upload, or throw a file away that belongs to nothing yet.

    Raises:
        NotFound: no such file of this actor.
        Conflict: ``files.attached``.
    """
    with transaction.atomic():
        file = _locked(actor, file_id)
        file.state, file.changed_at = State.GONE, now()
        file.save(update_fields=["state", "changed_at"])
    remove_files([file])


def attach_files(*, actor: Any, file_ids: Sequence[uuid.UUID], place: str) -> list[File]:
    """Give one's own ready files to a place, within the transaction of the caller.

    Args:
        actor: Whose files they are.
        file_ids: Which, in the order in which they are given back.
        place: The kind of place, as :func:`files.access.register_place` knows it.

    Raises:
        Conflict: ``files.not_ready``, one is missing, another's, unfinished or refused.
    """
    wanted = File.objects.select_for_update().filter(
        pk__in=file_ids, owner=actor, state=State.READY, place__in=("", place)
    )
    found = {file.pk: file for file in wanted.order_by("pk")}
    if set(file_ids) - found.keys():
        raise Conflict(
            code="files.not_ready",
            detail=_("A file is not ready, or is there no more. Attach it again."),
        )
    File.objects.filter(pk__in=found).update(place=place, changed_at=now())
    return [found[pk] for pk in file_ids]


def release_files(*, file_ids: Collection[uuid.UUID]) -> None:
    """Let files go that no place has any more, within the caller's transaction.

    Nobody reads them from then on; the next sweep deletes their bytes.
    """
    File.objects.filter(pk__in=file_ids).update(state=State.GONE, changed_at=now())


def sweep_files(moment: datetime) -> int:
    """Delete what was abandoned, never used, refused or let go; returns how many.

    At most 500 at once; the next run goes on.
    """
    limits = (
        {"state": State.UPLOADING, "changed_at__lt": moment - UNFINISHED_KEPT},
        {"state": State.READY, "place": "", "changed_at__lt": moment - UNATTACHED_KEPT},
        {"state": State.REFUSED, "changed_at__lt": moment - REFUSED_KEPT},
    )
    for limit in limits:
        File.objects.filter(**limit).update(state=State.GONE)
    gone = list(File.objects.filter(state=State.GONE).order_by("changed_at")[:SWEPT_AT_ONCE])
    remove_files(gone)
    return len(gone)


def remove_files(files: Sequence[File]) -> None:
    """Delete the bytes of files that are gone, then their rows; doing it again does no harm."""
    storage = storages["files"]
    for file in files:
        parts.remove(file.pk)
        storage.delete(file.stored)
        storage.delete(file.stored_thumbnail)
        with transaction.atomic():
            # Another process may sweep as well: whoever deletes the row gives its bytes back.
            if File.objects.filter(pk=file.pk, state=State.GONE).delete()[0]:
                held = file.kept_bytes or file.announced_bytes
                _give_back(file.account_id, held)


def release_forgotten_files(moment: datetime) -> int:
    """Let files go whose place went without saying so, e.g. with its room; returns how many.

    Only those that have been there for a day, so that nothing is taken from under a write.
    """
    total = 0
    for kind, shown in places().items():
        last = uuid.UUID(int=0)
        rows = File.objects.filter(
            place=kind, state=State.READY, changed_at__lt=moment - UNFINISHED_KEPT
        ).order_by("pk")
        while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:SWEPT_AT_ONCE]):
            last = ids[-1]
            forgotten = set(ids) - set(shown(ids))
            release_files(file_ids=forgotten)
            total += len(forgotten)
    return total


def recount_accounts() -> int:
    """Set every account to what its files really take; returns how many were wrong."""
    wrong = 0
    for account in Account.objects.all():
        with transaction.atomic():
            row = Account.objects.select_for_update().get(pk=account.pk)
            files = File.objects.filter(account=row)
            kept = files.aggregate(n=Sum("kept_bytes"))["n"] or 0
            coming = files.filter(kept_bytes=0).aggregate(n=Sum("announced_bytes"))["n"] or 0
            if row.used_bytes != kept + coming:
                row.used_bytes, wrong = kept + coming, wrong + 1
                row.save(update_fields=["used_bytes"])
    return wrong


def _check_size(size_bytes: int) -> None:
    most = int(settings.FILES["most_bytes"])
    if size_bytes < 1:
        raise Invalid(code="files.empty", detail=_("The file is empty."))
    if size_bytes > most:
        megabytes = most // 1024**2
        detail = _("A file has at most %(megabytes)d MB.") % {"megabytes": megabytes}
        raise Invalid(code="files.too_large", detail=detail, most_bytes=most)


def _program() -> Invalid:
    return Invalid(
        code="files.type_refused",
        detail=_("Programs are not taken. Put it into a ZIP archive if it must be sent."),
    )


def _take(account: str, size_bytes: int) -> None:
    quota = quota_of(account)
    Account.objects.bulk_create([Account(name=account)], ignore_conflicts=True)
    room = Account.objects.filter(pk=account, used_bytes__lte=quota - size_bytes)
    if size_bytes > quota or not room.update(used_bytes=F("used_bytes") + size_bytes):
        used = Account.objects.get(pk=account).used_bytes
        raise Conflict(
            code="files.quota",
            detail=_("There is no room left for files. Delete some, or ask the operator for more."),
            quota_bytes=quota,
            used_bytes=used,
        )


def _give_back(account: str, size_bytes: int) -> None:
    row = Account.objects.select_for_update().get(pk=account)
    row.used_bytes = max(0, row.used_bytes - size_bytes)
    row.save(update_fields=["used_bytes"])


def _locked(actor: Any, file_id: uuid.UUID) -> File:
    file = (
        File.objects.select_for_update()
        .filter(pk=file_id, owner=actor)
        .exclude(state=State.GONE)
        .first()
    )
    if file is None:
        raise NotFound
    if file.place:
        raise Conflict(code="files.attached", detail=_("This file belongs to a message."))
    return file


def _finish(file: File, part: BinaryIO) -> None:
    """Find out what came and keep it, drawn anew where it is a picture; or say what is wrong."""
    part.seek(0)
    if is_program(file.name, part.read(HEAD_BYTES)):
        _refuse(file, "files.type_refused")
        return
    file.content_type = type_of(part, file.name)
    if file.content_type not in PICTURES:
        _keep(file, parts.path_of(file.pk), None)
        return
    try:
        drawn = studio.draw(parts.path_of(file.pk))
    except Invalid as refusal:
        _refuse(file, refusal.code)
        return
    file.content_type, file.width, file.height = drawn.content_type, drawn.width, drawn.height
    file.name = name_for(file.name, drawn.content_type)
    _keep(file, drawn.picture, drawn.thumbnail)


def _keep(file: File, content: Path, thumbnail: Path | None) -> None:
    storage = storages["files"]
    file.kept_bytes = 0
    for name, path in ((file.stored, content), (file.stored_thumbnail, thumbnail)):
        storage.delete(name)
        if path is not None:
            with path.open("rb") as opened:
                storage.save(name, Content(opened))
            file.kept_bytes += path.stat().st_size
    with content.open("rb") as opened:
        file.sha256 = parts.digest_of(opened)
    try:
        with transaction.atomic():
            _write(
                file,
                state=State.READY,
                name=file.name,
                content_type=file.content_type,
                width=file.width,
                height=file.height,
                size_bytes=content.stat().st_size,
                kept_bytes=file.kept_bytes,
                sha256=file.sha256,
                received_bytes=file.announced_bytes,
            )
            _give_back(file.account_id, file.announced_bytes - file.kept_bytes)
    except NotFound:
        # Cancelled meanwhile: nobody else knows of these bytes.
        storage.delete(file.stored)
        storage.delete(file.stored_thumbnail)
        raise
    finally:
        parts.remove(file.pk)


def _refuse(file: File, code: str) -> None:
    """What is refused takes nothing from its account's quota any more."""
    announced = file.announced_bytes
    with transaction.atomic():
        _write(file, state=State.REFUSED, reason=code, announced_bytes=0, received_bytes=0)
        _give_back(file.account_id, announced)
    parts.remove(file.pk)


def _write(file: File, **values: Any) -> None:
    """Change an upload that goes on; one that was cancelled meanwhile is not there any more."""
    values["changed_at"] = now()
    if not File.objects.filter(pk=file.pk, state=State.UPLOADING).update(**values):
        raise NotFound
    for name, value in values.items():
        setattr(file, name, value)
