"""What an account's files take of its quota.

An account's bytes are taken when an upload is announced, by one conditional statement, so two
uploads at once never exceed the quota together. Lock order: file, then account.
"""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from base.errors import Conflict
from files.access import quota_of
from files.models import Account


def take_room(account: str, size_bytes: int) -> None:
    """Take bytes of an account's quota.

    Raises:
        Conflict: ``files.quota``, there is not so much left.
    """
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


def give_back(account: str, size_bytes: int) -> None:
    """Give bytes back to an account's quota, within the caller's transaction."""
    row = Account.objects.select_for_update().get(pk=account)
    row.used_bytes = max(0, row.used_bytes - size_bytes)
    row.save(update_fields=["used_bytes"])
