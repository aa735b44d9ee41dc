"""Copies of rooms: asked for by an owner, written by a job, forgotten after some days."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import TooMany
from chat.access import owned_channel
from chat.models import RoomCopy
from chat.queries.export import as_json, as_markdown
from chat.vocabulary import COPY_NOTICE, CopyForm
from members.models import Member
from notices.actions.telling import tell
from notices.kinds import Draft

LASTS: Final = timedelta(days=7)
COPIES_A_DAY: Final = 6
WRITERS: Final = {CopyForm.JSON: as_json, CopyForm.MARKDOWN: as_markdown}


def ask_for_copy(*, actor: Member, channel_id: int, form: CopyForm) -> RoomCopy:
    """Have a job write a room into a file; a notice says when it is there, for `LASTS`.

    Raises:
        NotFound: no such channel for this actor.
        Forbidden: does not own it.
        TooMany: ``chat.too_many_copies``, six were asked for within a day.
    """
    from chat.tasks import write_copy

    channel = owned_channel(actor, channel_id)
    with transaction.atomic():
        Member.objects.select_for_update().filter(pk=actor.pk).first()
        lately = RoomCopy.objects.filter(member=actor, asked_at__gt=now() - timedelta(days=1))
        if lately.count() >= COPIES_A_DAY:
            raise TooMany(
                code="chat.too_many_copies",
                detail=_("You can ask for six copies a day."),
                retry_after_s=3600.0,
            )
        row = RoomCopy.objects.create(
            channel=channel, member=actor, form=form, expires_at=now() + LASTS
        )
        write_copy.enqueue(row.pk)
    return row


def copy_path(row: RoomCopy) -> Path:
    """Where the file of a copy lies, whether it is there yet or not."""
    return _folder() / f"{row.key}.{row.form}"


def make_copy(*, row: RoomCopy) -> None:
    """Write the file, then say that it is there; doing it twice does no harm.

    Memory stays flat: 500 messages are read at once.
    """
    if row.made_at is None:
        path = copy_path(row)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            for piece in WRITERS[CopyForm(row.form)](row.channel):
                file.write(piece)
        unfinished.replace(path)
        row.made_at, row.size_bytes = now(), path.stat().st_size
        row.save(update_fields=["made_at", "size_bytes"])
    tell(
        [
            Draft(
                member_id=row.member_id,
                kind=COPY_NOTICE,
                key=f"copy:{row.pk}",
                group=f"copy:{row.channel_id}",
                subject=row.pk,
                at=row.made_at,
            )
        ]
    )


def forget_copies() -> int:
    """Delete copies whose time is over, and files that no row names; how many files went."""
    RoomCopy.objects.filter(expires_at__lte=now()).delete()
    kept = {str(key) for key in RoomCopy.objects.values_list("key", flat=True)}
    gone = 0
    for path in _folder().glob("*.*") if _folder().exists() else ():
        if path.stem not in kept:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _folder() -> Path:
    return Path(settings.EXPORT_ROOT) / "rooms"
