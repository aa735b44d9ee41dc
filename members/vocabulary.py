"""Closed lists of the members app; values are stored and on the wire, labels are translated."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    STAFF = "staff", _("Staff")


class OrganisationKind(models.TextChoices):
    """What sort of body an organisation is."""

    MUNICIPALITY = "municipality", _("Municipality")
    REGION = "region", _("Region")
    PROMOTION = "promotion", _("Business promotion")
    INCUBATOR = "incubator", _("Incubator")
    INSTITUTE = "institute", _("Cultural institute")
    NETWORK = "network", _("Network")
    NGO = "ngo", _("Non-governmental organisation")
    UNIVERSITY = "university", _("University")
    BUSINESS = "business", _("Creative business")
    OTHER = "other", pgettext_lazy("kind of organisation", "Other")


class Purpose(models.TextChoices):
    """What a member may consent to; each is given and withdrawn by itself."""

    DIRECTORY = "directory", _("Directory")
    MATCHING = "matching", _("Suggestions of partners")
    DIGEST = "digest", _("News by e-mail")
    RECORDINGS = "recordings", _("Recordings of workshops")
