"""Closed lists and limits of moderation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MAX_BLOCKS = 1000
MAX_NOTE = 2000
MAX_KIND = 32
REPORTS_A_DAY = 50
PAGE_SIZE = 30


class Reason(TextChoices):
    """Why something is reported."""

    HARASSMENT = "harassment", _("Harassment or threats")
    HATE = "hate", _("Hatred against a group of people")
    SPAM = "spam", _("Advertising or fraud")
    PRIVATE = "private", _("Somebody's private data")
    ILLEGAL = "illegal", _("Against the law")
    OTHER = "other", _("Something else")
