"""Members: the people who have an account."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from base.clock import now
from members.models.consents import Consent, counts_for
from members.models.folding import Folded, FoldedField
from members.models.organisations import Organisation
from members.vocabulary import MemberKind, Purpose


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

    def consenting(self, purpose: Purpose) -> Self:
        """Members whose consent to this purpose counts now."""
        given = Consent.objects.filter(counts_for(purpose), member=OuterRef("pk"))
        return self.filter(Exists(given))

    def waiting(self) -> Self:
        """Those who asked for an account and wait for approval."""
        return self.filter(is_approved=False)

    def suspended(self) -> Self:
        """Members whose access was taken away."""
        return self.filter(is_active=False, is_approved=True)


def is_listed() -> Q:
    """Whether others may see a member: active, no guest, and not still to verify the address."""
    return is_full_member() & ~Q(Exists(unverified_addresses().filter(user=OuterRef("pk"))))


def is_full_member() -> Q:
    """Whether an account is active and no guest's."""
    return Q(is_active=True, kind=MemberKind.MEMBER)


def unverified_addresses() -> QuerySet[Any]:
    """Return the addresses that still keep their account hidden.

    An account without any row of addresses was made by the operator, who vouches for it.
    """
    from allauth.account.models import EmailAddress

    found: QuerySet[Any] = EmailAddress.objects.filter(primary=True, verified=False)
    return found


class Member(Folded, AbstractBaseUser, PermissionsMixin):
    """A person with an account; signs in with the e-mail address.

    Attributes:
        folded: The name as it is searched.
        card_hides: Which of `organisation` and `country` not every member may see, with a space
            between; kept with the audiences of the profile, so that naming somebody costs no look
            at it.
    """

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    folded = FoldedField(sources=("name",))
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
    is_organiser = models.BooleanField(_("organiser"), default=False)
    is_staff = models.BooleanField(_("staff"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=now, editable=False)
    came_by = models.ForeignKey(
        "members.Invitation",
        verbose_name=_("came by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="arrivals",
        editable=False,
    )
    leaving_at = models.DateTimeField(_("leaves"), null=True, blank=True, editable=False)
    card_hides = models.CharField(max_length=24, blank=True, editable=False)

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
    def open_organisation(self) -> Organisation | None:
        """The organisation as far as every member may see it; None where it is hidden."""
        return None if "organisation" in self.card_hides else self.organisation

    @property
    def open_country(self) -> str:
        """The country as far as every member may see it; "" where it is hidden."""
        return "" if "country" in self.card_hides else self.country

    @property
    def is_suspended(self) -> bool:
        """Whether access was given once and then taken away."""
        return self.is_approved and not self.is_active
