"""Closed lists and limits of the chat."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MAX_TEXT = 10_000
MAX_NAME = 80
MAX_PURPOSE = 500
MAX_EMOJI = 32
MAX_KINDS_OF_REACTIONS = 20
MAX_FILES = 10
SHOWN_REACTORS = 100
PAGE = 50
MAX_PAGE = 100
EXCERPT = 140
MAX_PREVIEWS = 3
MAX_MENTIONS = 50
MAX_PINS = 100
MAX_VERSIONS = 50
MAX_BOOKMARKS = 5_000
MAX_DRAFTS = 200
MAX_SCHEDULED = 50
MAX_SCHEDULED_DAYS = 366
SHOWN_REPLIERS = 3
MAX_GROUP = 20
MAX_SECTIONS = 30
MAX_SECTION_NAME = 60
MAX_POSITION = 10_000
MAX_SLOW_MODE_S = 3600
MAX_HERE = 500
MAX_LINKS = 20
MAX_ROOMS_RETOLD = 300
MAX_RETOLD = 3_000
MAX_LINK_DAYS = 90
LARGE_ROOM = 5_000
COPY_NOTICE = "chat.copy"
INVITATION_NOTICE = "chat.invitation"


class Role(TextChoices):
    """What a member is in a channel; ``OUT`` is kept for whoever was removed from it."""

    OWNER = "owner", _("Owner")
    MODERATOR = "moderator", _("Moderator")
    MEMBER = "member", _("Member")
    READER = "reader", _("Read only")
    OUT = "out", _("Removed")


class Kind(TextChoices):
    """What a channel is: a place with a name, or a conversation of a few people."""

    CHANNEL = "channel", _("Room")
    DIRECT = "direct", _("Direct conversation")
    GROUP = "group", _("Group conversation")


class Level(TextChoices):
    """What a member wants to be notified of in a channel."""

    ALL = "all", _("Everything")
    MENTIONS = "mentions", _("Mentions of me")
    NOTHING = "nothing", _("Nothing")


class MentionKind(TextChoices):
    """Whom a message can name."""

    MEMBER = "member", _("Member")
    ORGANISATION = "organisation", _("Organisation")
    HERE = "here", _("Everybody in the room")


class Others(TextChoices):
    """What becomes of messages in languages that a member does not read."""

    SHOW = "show", _("Show them")
    FOLD = "fold", _("Fold them: one click shows the text")
    HIDE = "hide", _("Hide them")


class CopyForm(TextChoices):
    """As what a room can be taken away."""

    MARKDOWN = "markdown", "Markdown"
    JSON = "json", "JSON"


class PreviewState(TextChoices):
    """How the preview of a link stands."""

    WAITING = "waiting", _("Waiting")
    SHOWN = "shown", _("Shown")
    FAILED = "failed", _("Could not be fetched")
    REMOVED = "removed", _("Removed")


class ScheduledState(TextChoices):
    """How a message that waits for its time stands."""

    WAITING = "waiting", _("Waiting")
    FAILED = "failed", _("Could not be sent")
