"""Tables of notifications.

Invariants: a member has one notice of a kind per key; a notice holds ids, never words; what is
to leave the site by a way of its own is a delivery, written with the notice and settled once.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from base.clock import now
from notices.vocabulary import MailingKind, Rhythm, Way


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Filters over notices."""

    def listed(self) -> "NoticeQuerySet":
        """Those that stand in their reader's list."""
        return self.filter(on_page=True, dismissed_at=None)

    def unread(self) -> "NoticeQuerySet":
        """Those of the list that their reader has not marked as read."""
        return self.listed().filter(read_at=None)


class Notice(models.Model):
    """Something that a member is told.

    Attributes:
        key: What makes it this notice and no other.
        group: Notices that belong together and are shown as one.
        subject: Id of the row that it is about.
        data: Further ids.
        at: When it happened.
        on_page: Whether it stands in the list; else it only goes out by other ways.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    group = models.CharField(max_length=80)
    subject = models.BigIntegerField()
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    on_page = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("member", "kind", "key"), name="notices_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=("member", "-id"), name="notices_of_member"),
            models.Index(
                fields=("member",),
                condition=Q(read_at=None, dismissed_at=None, on_page=True),
                name="notices_unread",
            ),
            models.Index(fields=("at",), name="notices_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.key}"


class Preferences(models.Model):
    """What a member wants to hear of, how and when; without a row all is as kinds have it.

    Attributes:
        is_off: Nothing comes at all, security apart.
        ways: By name of kind the ways that the member chose.
        quiet_from: Local time at which mail and push begin to wait; null without quiet hours.
        quiet_to: Local time at which they go on.
        digest: How often; nobody gets one who did not consent to it.
        digest_hour: Local hour of the digest.
        digest_day: Day of a weekly digest, 0 is Monday.
        push_says: Whether push messages carry what was said.
    """

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    is_off = models.BooleanField(default=False)
    ways = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    digest = models.CharField(max_length=6, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    digest_hour = models.PositiveSmallIntegerField(default=8)
    digest_day = models.PositiveSmallIntegerField(default=0)
    push_says = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(digest__in=Rhythm.values), name="notices_rhythm_is_known"
            ),
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23, digest_day__lte=6), name="notices_digest_time"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notices_quiet_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member_id)


class Mailing(models.Model):
    """One mail with notices: made once, sent once as far as can be known.

    Attributes:
        handed_at: The mail server began to be spoken to; null again when it refused.
        sent_at: It took the mail, or there was nothing left to say.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=MailingKind.choices)
    made_at = models.DateTimeField(default=now)
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=MailingKind.values), name="notices_mailing_is_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("made_at",), name="notices_mailing_by_age")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"


class Delivery(models.Model):
    """A notice that is to leave the site: by mail at once, in the digest, by push.

    Attributes:
        due_at: Not before this moment.
        is_settled: It went out, or is no longer wanted.
        mailing: The mail that carries it.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    way = models.CharField(max_length=6, choices=Way.choices)
    due_at = models.DateTimeField()
    is_settled = models.BooleanField(default=False)
    mailing = models.ForeignKey(Mailing, models.SET_NULL, null=True, related_name="deliveries")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("notice", "way"), name="notices_one_delivery"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="notices_way_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("way", "due_at"), condition=Q(is_settled=False), name="notices_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.way}"


class Subscription(models.Model):
    """A browser that takes push messages, as it told us.

    Attributes:
        endpoint: The address of the browser's own push service; a secret of that browser.
        p256dh: Its public key, base64url.
        auth: Its shared secret, base64url.
        session_key: The session that subscribed it: when that ends, so does the push.
        name: What the browser calls itself, in short.
        failures: How often in a row its service did not take a message.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    endpoint = models.URLField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    session_key = models.CharField(max_length=40)
    name = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.member_id} {self.name}"
