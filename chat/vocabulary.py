"""Closed lists and limits of the chat."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MAX_TEXT = 10_000
MAX_NAME = 80
MAX_PURPOSE = 500
MAX_EMOJI = 32
MAX_KINDS_OF_REACTIONS = 20
SHOWN_REACTORS = 20
PAGE = 50
MAX_PAGE = 100
EXCERPT = 140


class Role(TextChoices):
    """What a member is in a channel; ``OUT`` is kept for whoever was removed from it."""

    OWNER = "owner", _("Owner")
    MODERATOR = "moderator", _("Moderator")
    MEMBER = "member", _("Member")
    OUT = "out", _("Removed")
