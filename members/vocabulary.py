"""Closed lists of the members app; values are stored and on the wire, labels are translated."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.personal import Texts


class MemberKind(models.TextChoices):
    """What sort of account a row is: a guest's session reaches one workshop only."""

    MEMBER = "member", _("Member")
    GUEST = "guest", _("Guest")


class Registration(models.TextChoices):
    """How newcomers get an account."""

    OPEN = "open", _("Open: anyone may sign up")
    INVITATION = "invitation", _("By invitation: staff send a link")
    APPROVAL = "approval", _("By approval: anyone may ask, staff decide")


class Role(models.TextChoices):
    """The role that an invitation gives."""

    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderator")
    ORGANISER = "organiser", _("Organiser")
    STAFF = "staff", _("Staff")


class OrganisationKind(models.TextChoices):
    """What sort of body an organisation is."""

    INTERMEDIARY = "intermediary", _("Intermediary: business promotion, agency")
    MUNICIPALITY = "municipality", _("Municipality or region")
    INCUBATOR = "incubator", _("Incubator")
    INSTITUTE = "institute", _("Cultural institute")
    NETWORK = "network", _("Network")
    NGO = "ngo", _("Non-governmental organisation")
    UNIVERSITY = "university", _("University")
    BUSINESS = "business", _("Creative business")
    FREELANCER = "freelancer", _("Freelancer")
    OTHER = "other", pgettext_lazy("kind of organisation", "Other")


MAY_ACCOMPANY = frozenset(OrganisationKind.values) - {
    OrganisationKind.BUSINESS,
    OrganisationKind.FREELANCER,
    OrganisationKind.OTHER,
}
"""The kinds of organisations that may act for others: that is what intermediaries exist for."""


class SizeClass(models.TextChoices):
    """How many people work in an organisation: the Union's classes, and those who work alone."""

    SOLO = "solo", _("One person")
    MICRO = "micro", _("2 to 9 people")
    SMALL = "small", _("10 to 49 people")
    MEDIUM = "medium", _("50 to 249 people")
    LARGE = "large", _("250 people or more")


class OrganisationRole(models.TextChoices):
    """What a member may do for an organisation: editors keep its page, representatives decide."""

    REPRESENTATIVE = "representative", _("Representative")
    EDITOR = "editor", _("Editor")


class Side(models.TextChoices):
    """The two sides of an accompaniment."""

    INTERMEDIARY = "intermediary", _("Intermediary")
    ORGANISATION = "organisation", _("Accompanied organisation")


class Gap(models.TextChoices):
    """What is missing on an organisation's page; each label says what to do about it."""

    DESCRIPTION = "description", _("Say what it does")
    SECTORS = "sectors", _("Choose sectors")
    LANGUAGES = "languages", _("Name languages")
    PLACE = "place", _("Name region and town")
    LOGO = "logo", _("Add a logo")
    WEBSITE = "website", _("Add the website")
    SIZE = "size", _("Say how large it is")
    REPRESENTATIVE = "representative", _("Find somebody who represents it")


class Purpose(models.TextChoices):
    """What a member may consent to; each is given and withdrawn by itself."""

    DIRECTORY = "directory", _("Directory")
    MATCHING = "matching", _("Suggestions of partners")
    DIGEST = "digest", _("News by e-mail")
    RECORDINGS = "recordings", _("Recordings of workshops")


class SecurityKind(models.TextChoices):
    """What may happen to an account's security."""

    SIGNED_IN = "signed-in", _("Signed in")
    NEW_DEVICE = "new-device", _("Signed in from a new device")
    PASSWORD_CHANGED = "password-changed", _("Password changed")
    PASSWORD_RESET = "password-reset", _("Password reset by e-mail")
    EMAIL_CHANGED = "email-changed", _("E-mail address changed")
    EMAIL_RESTORED = "email-restored", _("Former e-mail address restored")
    APP_ON = "app-on", _("App with codes set up")
    APP_OFF = "app-off", _("App with codes turned off")
    CODES_MADE = "codes-made", _("New recovery codes made")
    PASSKEY_ADDED = "passkey-added", _("Passkey added")
    PASSKEY_REMOVED = "passkey-removed", _("Passkey removed")
    PROVIDER_CONNECTED = "provider-connected", _("Other account connected")
    PROVIDER_REMOVED = "provider-removed", _("Other account disconnected")
    SESSION_ENDED = "session-ended", _("Signed out elsewhere")
    TOKEN_MADE = "token-made", _("Access token made")
    TOKEN_REVOKED = "token-revoked", _("Access token revoked")
    EXPORT_ASKED = "export-asked", _("Copy of own data asked for")
    LEAVING = "leaving", _("Leaving asked for")
    STAYING = "staying", _("Leaving cancelled")


class LeavingTexts(models.TextChoices):
    """What becomes of a leaving member's contributions, as `base.personal.Texts` has it."""

    LEAVE = Texts.LEAVE.value, _("Leave them, without my name")
    TAKE = Texts.TAKE.value, _("Take them away")


class Audience(models.TextChoices):
    """Who sees a field of a profile; each sees what stands above it, too."""

    EVERYONE = "everyone", pgettext_lazy("audience", "Everyone")
    MEMBERS = "members", pgettext_lazy("audience", "Members")
    ORGANISATION = "organisation", pgettext_lazy("audience", "My organisation")
    NOBODY = "nobody", pgettext_lazy("audience", "Nobody")


class Level(models.TextChoices):
    """How well somebody speaks a language: the Common European Framework, and native speakers."""

    NATIVE = "native", _("Native speaker")
    C2 = "C2", _("C2: proficient")
    C1 = "C1", _("C1: advanced")
    B2 = "B2", _("B2: independent")
    B1 = "B1", _("B1: conversation")
    A2 = "A2", _("A2: simple exchange")
    A1 = "A1", _("A1: first words")
