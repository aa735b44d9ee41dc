"""Writes about uploads: announcing, receiving, finishing, describing."""

import uuid
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files import File as Content
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Invalid, KeyReused, NotFound, Refusal, TooLarge, TooMany
from base.text import clean_text
from files import parts, studio
from files.access import account_for, own_file
from files.actions.keeping import remove_files
from files.actions.quotas import give_back, take_room
from files.images import PictureTooLarge, UndrawnPicture, UnreadablePicture
from files.limits import announcements
from files.models import File
from files.rules import (
    HEAD_BYTES,
    PICTURES,
    UNDRAWN,
    clean_name,
    is_program,
    name_for,
    type_of,
)
from files.vocabulary import (
    MAX_ALT,
    MAX_CHUNK_BYTES,
    MAX_UNFINISHED,
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
            take_room(account, size_bytes)
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
    if file.reason == UndrawnPicture.code:
        return UndrawnPicture()
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
    if file.content_type in UNDRAWN:
        _refuse(file, UndrawnPicture.code)
        return
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
            give_back(file.account_id, file.announced_bytes - file.kept_bytes)
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
        give_back(file.account_id, announced)
    parts.remove(file.pk)


def _write(file: File, **values: Any) -> None:
    """Change an upload that goes on; one that was cancelled meanwhile is not there any more."""
    values["changed_at"] = now()
    if not File.objects.filter(pk=file.pk, state=State.UPLOADING).update(**values):
        raise NotFound
    for name, value in values.items():
        setattr(file, name, value)
