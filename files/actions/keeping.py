"""Writes about files that are there: attaching, letting go, sweeping, counting anew."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict
from files import parts
from files.access import places
from files.actions.quotas import give_back
from files.models import Account, File
from files.vocabulary import (
    REFUSED_KEPT,
    SWEPT_AT_ONCE,
    UNATTACHED_KEPT,
    UNFINISHED_KEPT,
    State,
)


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
                give_back(file.account_id, held)


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
