"""What notifications say and take on the wire."""

import msgspec

from live.registry import EventData
from members.events import Card


class NoticeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as its reader sees it.

    Attributes:
        kind: Its kind, e.g. `chat.reply`.
        group: Notices of a kind with the same group belong together.
        at: When it happened: ISO 8601, UTC.
        text: One sentence, in the reader's language.
        excerpt: The beginning of what was said; may be empty.
        actor: Who caused it; null for the system, or where the account was erased.
        url: The path on this site that it leads to.
        read: Whether it was marked as read, or the thing itself was seen.
    """

    id: int
    kind: str
    group: str
    at: str
    text: str
    excerpt: str
    actor: Card | None
    url: str
    read: bool


class NoticeAdded(EventData, frozen=True, kw_only=True):
    """To oneself: something new.

    Attributes:
        notices: The newest 50 of them, the oldest first; what one may not see is left out.
        latest: Id of the newest.
    """

    notices: list[NoticeShown]
    latest: int


class NoticeRead(EventData, frozen=True, kw_only=True):
    """To oneself: these notices, or all up to one, are read now, or unread again.

    Attributes:
        ids: These; empty where `up_to` says which.
        up_to: This one and all before it; null where `ids` says which.
        read: False where they are unread again.
    """

    ids: list[int]
    up_to: int | None
    read: bool


class NoticeDismissed(EventData, frozen=True, kw_only=True):
    """To oneself: these notices are no longer in the list."""

    ids: list[int]


class ReadNotices(msgspec.Struct, frozen=True, kw_only=True):
    """Mark notices of one's own: up to 200 by their ids, or all up to one.

    Attributes:
        read: False makes those named by `ids` unread again.
    """

    ids: list[int] = []
    up_to: int | None = None
    read: bool = True


class DismissNotices(msgspec.Struct, frozen=True, kw_only=True):
    """Take up to 200 notices of one's own off the list."""

    ids: list[int]


class NoticeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a member wants to hear of, how and when.

    Attributes:
        is_off: Nothing comes at all but what concerns the safety of the account.
        ways: By kind the ways by which it comes: `page`, `mail`, `digest`, `push`.
        quiet_from: Local time, `HH:MM`, from which mail and push wait; null without quiet hours.
        quiet_to: Local time until which they wait.
        digest: `never`, `daily` or `weekly`; it comes only with consent to news by e-mail.
        digest_hour: Local hour, 0 to 23.
        digest_day: Of a weekly one, 0 is Monday.
        push_says: Whether push messages carry the beginning of what was said.
    """

    is_off: bool
    ways: dict[str, list[str]]
    quiet_from: str | None
    quiet_to: str | None
    digest: str
    digest_hour: int
    digest_day: int
    push_says: bool


class NoticesNow(msgspec.Struct, frozen=True, kw_only=True):
    """The part `notices` of the snapshot of `member:<id>`.

    Attributes:
        latest: Id of one's newest notice; 0 without any.
    """

    latest: int
    settings: NoticeSettings


class NoticeConfigured(EventData, frozen=True, kw_only=True):
    """To oneself: the settings of one's notices as they are now."""

    settings: NoticeSettings


class ConfigureNotices(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that are to change; those left out stay, and so do kinds left out of `ways`."""

    is_off: bool | msgspec.UnsetType = msgspec.UNSET
    ways: dict[str, list[str]] | msgspec.UnsetType = msgspec.UNSET
    quiet_from: str | msgspec.UnsetType | None = msgspec.UNSET
    quiet_to: str | msgspec.UnsetType | None = msgspec.UNSET
    digest: str | msgspec.UnsetType = msgspec.UNSET
    digest_hour: int | msgspec.UnsetType = msgspec.UNSET
    digest_day: int | msgspec.UnsetType = msgspec.UNSET
    push_says: bool | msgspec.UnsetType = msgspec.UNSET


class SubscribeBrowser(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that takes push messages, as its `PushSubscription` says.

    Attributes:
        endpoint: The address of its push service: https.
        p256dh: Its public key, base64url.
        auth: Its secret, base64url.
        name: How its owner knows it, e.g. "Firefox on Linux"; up to 80 characters count.
    """

    endpoint: str
    p256dh: str
    auth: str
    name: str = ""
