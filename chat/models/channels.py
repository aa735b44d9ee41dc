"""Channels and who is in them."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from base.clock import now
from chat.vocabulary import MAX_NAME, MAX_PURPOSE, MAX_SECTION_NAME, Kind, Level, Role


class Channel(models.Model):
    """A place to talk: public ones are read by every member, private ones by those in them.

    Attributes:
        kind: Direct and group conversations are channels that are never public.
        pair: The two members of a direct conversation, ``"<lower id>:<higher id>"``.
        organisation: Whose people read it too and may join; its representatives own it.
        slow_mode_s: Seconds between two messages of one member; 0 for no limit.
        name: May be empty in conversations, which are then named by their people.
        last_nth: ``nth`` of the last message, None before the first; known within a write alone.
    """

    last_nth: int | None

    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices, default=Kind.CHANNEL)
    pair = models.CharField(max_length=41, null=True, unique=True, editable=False)  # noqa: DJ001 - null is not unique
    organisation = models.ForeignKey(
        "members.Organisation", models.SET_NULL, null=True, blank=True, related_name="channels"
    )
    slow_mode_s = models.PositiveSmallIntegerField(_("slow mode"), default=0)
    name = models.CharField(_("name"), max_length=MAX_NAME, blank=True)
    purpose = models.CharField(_("purpose"), max_length=MAX_PURPOSE, blank=True)
    is_public = models.BooleanField(_("public"), default=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(_("created"), default=now)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="chat_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.CHANNEL) | models.Q(is_public=False),
                name="chat_conversations_are_private",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.DIRECT) | models.Q(pair=None),
                name="chat_only_direct_has_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.topic

    @property
    def topic(self) -> str:
        """Name of its topic."""
        return f"chat:{self.pk}"


class Section(models.Model):
    """A part of a member's own list of channels, with a name of theirs."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="chat_sections"
    )
    name = models.CharField(_("name"), max_length=MAX_SECTION_NAME)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Filters over memberships."""

    def inside(self) -> "MembershipQuerySet":
        """Those of members who are in the channel."""
        return self.exclude(role=Role.OUT)


class Membership(models.Model):
    """One member's place in one channel, and how the member wants to have it.

    Attributes:
        since: The ``seq`` from which the log may be replayed: that of being let in again.
        read_seq: Everything up to it was read.
        posted_at: The last message; kept in channels with slow mode alone.
        level: What notifies; ``is_muted`` ones also count for nothing and stand back.
        section: Where it stands in the member's own list, at ``position``, then by name.
        ended_with_role: Whether it ended because a role in the room's organisation did.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=9, choices=Role.choices, default=Role.MEMBER)
    since = models.PositiveBigIntegerField(default=0)
    read_seq = models.PositiveBigIntegerField(default=0)
    joined_at = models.DateTimeField(_("joined"), default=now)
    posted_at = models.DateTimeField(null=True)
    is_favourite = models.BooleanField(_("favourite"), default=False)
    is_muted = models.BooleanField(_("muted"), default=False)
    level = models.CharField(
        _("notifications"), max_length=8, choices=Level.choices, default=Level.MENTIONS
    )
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, blank=True, related_name="memberships"
    )
    position = models.PositiveSmallIntegerField(default=0)
    ended_with_role = models.BooleanField(default=False, db_default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("channel", "member"), name="chat_one_membership"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="chat_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=Level.values), name="chat_level_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.member_id} {self.role}"

    @property
    def is_inside(self) -> bool:
        """Whether the member is in the channel."""
        return self.role != Role.OUT

    @property
    def moderates(self) -> bool:
        """Whether the member may look after the channel."""
        return self.role in {Role.OWNER, Role.MODERATOR}


class InviteLink(models.Model):
    """A link that lets members into a channel.

    The token is kept as it is, so that moderators can copy the link again: it opens nothing to
    whoever is no member.

    Attributes:
        for_member: Whom alone it lets in; such a link is shown to nobody else, nor to its maker.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="links")
    token = models.CharField(max_length=64, unique=True, editable=False)
    role = models.CharField(_("role"), max_length=9, choices=Role.choices, default=Role.MEMBER)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), default=now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    uses = models.PositiveIntegerField(_("uses"), default=0)
    for_member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("invitation link")
        verbose_name_plural = _("invitation links")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=(Role.MEMBER, Role.READER)),
                name="chat_link_gives_a_plain_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.made_at}"

    def is_usable(self, at: datetime) -> bool:
        """Whether the link still lets somebody in at this moment."""
        return self.revoked_at is None and at < self.expires_at
