"""Closed lists and limits of notifications."""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    """How a notice reaches its reader."""

    PAGE = "page", _("On the site")
    MAIL = "mail", _("E-mail at once")
    DIGEST = "digest", _("Digest")
    PUSH = "push", _("Push")


class Rhythm(TextChoices):
    """How often a digest comes."""

    NEVER = "never", _("Never")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")


class MailingKind(TextChoices):
    """What sort of mail a mailing is."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("Digest")


PAGE_SIZE: Final = 50
COUNTED: Final = 100
"""Unread notices are counted up to here; clients show one less and a plus."""
AT_ONCE: Final = 200
"""Ids that one command names at most."""
MAILED: Final = 50
"""Notices that one mail names at most; it says how many others there are."""

MAIL_DELAY: Final = timedelta(seconds=60)
"""An e-mail at once waits so long: what is read meanwhile needs none, and several go as one."""
PUSH_DELAY: Final = timedelta(seconds=10)
"""A push message waits so long: who is looking at the thing just then needs none."""
KEPT_READ: Final = timedelta(days=90)
KEPT: Final = timedelta(days=365)
TOLD_AT_ONCE: Final = 200
"""Notices that one transaction writes at most."""
SHOWN_AT_ONCE: Final = 50
"""Notices that one event shows at most."""
MAIL_PAUSE: Final = timedelta(minutes=5)
"""From one mail at once to a member to the next; what comes meanwhile goes with that one."""
DUE_AT_ONCE: Final = 500
"""Deliveries that are looked at in one go."""
MAX_BROWSERS: Final = 20
MAX_ENDPOINT: Final = 1000
MAX_NAME: Final = 80
FAILURES: Final = 30
"""A browser whose push service fails so often in a row is taken for gone."""
PUSHED_AT_ONCE: Final = 100
PUSH_ATTEMPTS: Final = 3
PUSH_PAUSE: Final = timedelta(seconds=30)
