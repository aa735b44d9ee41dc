"""What members' files count for: the organisation that they work for, where there is one."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from files.access import AccountKind, register_account


def _own(actor: Any) -> Sequence[int]:
    return [actor.organisation_id] if actor.organisation_id else []


def register() -> None:
    """Have the files of an organisation's people count for it."""
    register_account(
        AccountKind("organisation", _own, lambda _id: int(settings.FILES["organisation_bytes"]))
    )
