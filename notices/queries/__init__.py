"""Reads of notifications, by noun."""

from notices.queries.lists import (
    facts_of,
    grouped,
    is_read,
    notice_page,
    notices_now,
    shown_one,
    shown_to_readers,
    unread_counts,
)
from notices.queries.mailing import due_mail, is_mail_due, mailed_notices
from notices.queries.pushing import browsers, is_push_due, pushes_for
from notices.queries.wishes import (
    language_of,
    members_to_tell,
    preferences_of,
    settings_now,
    wishes_of,
    without,
)

__all__ = [
    "browsers",
    "due_mail",
    "facts_of",
    "grouped",
    "is_mail_due",
    "is_push_due",
    "is_read",
    "language_of",
    "mailed_notices",
    "members_to_tell",
    "notice_page",
    "notices_now",
    "preferences_of",
    "pushes_for",
    "settings_now",
    "shown_one",
    "shown_to_readers",
    "unread_counts",
    "wishes_of",
    "without",
]
