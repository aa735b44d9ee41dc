"""Closed lists and limits of files."""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MIB: Final = 1024 * 1024
CHUNK_BYTES: Final = MIB
MAX_CHUNK_BYTES: Final = 4 * MIB
MAX_NAME: Final = 150
MAX_ALT: Final = 1000
MAX_ACCOUNT: Final = 40
MAX_UNFINISHED: Final = 20
THUMBNAIL_PX: Final = 640
SWEPT_AT_ONCE: Final = 500
# An upload that nobody continues, a file that no message or page took, a refusal that was read.
# Outboxes send by themselves for 7 days, so what waits in one must outlive that.
UNFINISHED_KEPT: Final = timedelta(days=1)
UNATTACHED_KEPT: Final = timedelta(days=8)
REFUSED_KEPT: Final = timedelta(days=1)


class State(TextChoices):
    """How far a file is; ``GONE`` are those whose bytes go with the next sweep."""

    UPLOADING = "uploading", _("Uploading")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused")
    GONE = "gone", _("Gone")
