"""Tables of the members app.

Invariants: e-mail addresses are stored in lower case; only an approved member can be active, so
whoever waits for approval or is suspended is `is_active=False`, which every door already refuses;
there is one `SiteSettings` row, its id is 1; an invitation is stored as the hash of its token.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from base.clock import now
from members.vocabulary import MemberKind, OrganisationKind, Registration, Role


class Organisation(models.Model):
    """A body that members work for; its name is unique within its country, whatever the case."""

    name = models.CharField(_("name"), max_length=160)
    country = models.CharField(_("country"), max_length=2)
    kind = models.CharField(
        _("kind"), max_length=16, choices=OrganisationKind.choices, default=OrganisationKind.OTHER
    )
    town = models.CharField(_("town"), max_length=120, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), "country", name="organisation_name_in_country")
        ]

    def __str__(self) -> str:
        return self.name


class MemberManager(BaseUserManager["Member"]):
    """Makes members with a lower-case address and a hashed password."""

    def get_by_natural_key(self, username: str | None) -> "Member":
        """Return the member with this e-mail address, in whatever case it was typed."""
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Member":
        """Return a new member; without a password the account has none that would work."""
        member = self.model(email=email.strip().lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Member":
        """Return a new member of staff with every permission."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class MemberQuerySet(models.QuerySet["Member"]):
    """Filters over members."""

    def listed(self) -> Self:
        """Members that other members may see."""
        return self.filter(is_listed())

    def waiting(self) -> Self:
        """Those who asked for an account and wait for approval."""
        return self.filter(is_approved=False)

    def suspended(self) -> Self:
        """Members whose access was taken away."""
        return self.filter(is_active=False, is_approved=True)


def is_listed() -> Q:
    """Whether others may see a member: active, no guest, and not still to verify the address.

    An account without any row of addresses was made by the operator, who vouches for it.
    """
    from allauth.account.models import EmailAddress

    unverified = EmailAddress.objects.filter(user=OuterRef("pk"), primary=True, verified=False)
    return Q(is_active=True, kind=MemberKind.MEMBER) & ~Q(Exists(unverified))


class Member(AbstractBaseUser, PermissionsMixin):
    """A person with an account; signs in with the e-mail address."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    locale = models.CharField(_("interface language"), max_length=16, blank=True)
    kind = models.CharField(
        _("kind"), max_length=8, choices=MemberKind.choices, default=MemberKind.MEMBER
    )
    is_approved = models.BooleanField(_("approved"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_moderator = models.BooleanField(_("moderator"), default=False)
    is_staff = models.BooleanField(_("staff"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=now, editable=False)

    objects = MemberManager.from_queryset(MemberQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="member_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(is_approved=True),
                name="member_active_only_if_approved",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MemberKind.values), name="member_kind_is_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("name", "id"), name="member_by_name")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Bring the address to lower case before it is validated."""
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        """Return the name; people write their own in their own order."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name; a first name cannot be told from it."""
        return self.name

    @property
    def is_suspended(self) -> bool:
        """Whether access was given once and then taken away."""
        return self.is_approved and not self.is_active


class SiteSettings(models.Model):
    """What this instance says of itself: one row, with id 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name of the site"), max_length=80, default="Creative Ports")
    logo = models.ImageField(_("logo"), upload_to="site/", blank=True)
    languages = models.JSONField(_("interface languages"), default=list, blank=True)
    registration = models.CharField(
        _("registration"), max_length=12, choices=Registration.choices, default=Registration.OPEN
    )
    is_set_up = models.BooleanField(_("set up"), default=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="site_settings_is_one_row"),
            models.CheckConstraint(
                condition=Q(registration__in=Registration.values),
                name="site_settings_registration_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link that lets one person sign up; the token itself is known to its holder only."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, related_name="invitations"
    )
    created_at = models.DateTimeField(_("made"), default=now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    used_by = models.OneToOneField(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="came_by"
    )
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="invitation_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(used_by=None) | Q(used_at__isnull=False),
                name="invitation_used_by_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.email or str(self.created_at)

    def is_usable(self, at: datetime) -> bool:
        """Return whether the link still lets somebody in at this moment."""
        return self.used_at is None and at < self.expires_at
